// What pages do beyond HTML and htmx: copy commands, and load a still when it comes into view. All pages work without it.

/** Shows the buttons that copy; without a secure context a browser has no clipboard. */
function prepareCopying(root) {
  if (navigator.clipboard === undefined) return;
  for (const button of root.querySelectorAll('[data-copy]')) button.hidden = false;
}

document.addEventListener('click', ({ target }) => {
  const button = target instanceof Element ? target.closest('[data-copy]') : null;
  const text = button?.parentElement?.querySelector('code')?.textContent;
  if (typeof text !== 'string') return;
  void navigator.clipboard.writeText(text).then(() => {
    button.textContent = 'Copied';
  });
});

const inView = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    target.preload = 'metadata';
    inView.unobserve(target);
  }
});

function prepareStills(root) {
  for (const video of root.querySelectorAll('[data-thumb]')) inView.observe(video);
}

function prepare(root) {
  prepareCopying(root);
  prepareStills(root);
}

document.addEventListener('htmx:afterSettle', () => prepare(document));
prepare(document);

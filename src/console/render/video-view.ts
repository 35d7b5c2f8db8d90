import { html, type Html } from '../html.js';

const pathOf = (key: string): string => `/video?${new URLSearchParams({ key }).toString()}`;

/** Shows a still of a video. The script loads it when it comes into view; its place says nothing to those who cannot see it. */
export function thumbnail(key: string): Html {
  return html`<video
    src="${pathOf(key)}#t=0.5"
    preload="none"
    muted
    playsinline
    tabindex="-1"
    aria-hidden="true"
    data-thumb
  ></video>`;
}

/** Plays a video. */
export function player(key: string): Html {
  return html`<video
      class="player"
      src="${pathOf(key)}#t=0.1"
      controls
      playsinline
      preload="metadata"
      aria-label="Video of ${key}"
    ></video>
    <p>
      <a
        class="button quiet"
        href="${pathOf(key)}"
        download="${key.replaceAll(/[^\w.-]+/g, '-').slice(0, 80)}.mp4"
        >Download</a
      >
    </p>`;
}

/** Shows the provider's status; as a bar if it names a percentage. */
export function progress(said: string): Html {
  const [, percent] = /\b(\d{1,3}) ?%/.exec(said) ?? [];
  if (percent === undefined) return html`<p class="sub">${said}</p>`;
  return html`<p class="sub">
    <progress max="100" value="${percent}" aria-label="Progress of the render">${percent} %</progress> ${said}
  </p>`;
}

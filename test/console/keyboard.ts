import { z } from 'zod';
import type { Page } from '../support/chromium.js';
import { until } from '../support/until.js';
import type { Visitor } from './visitor.js';

const KEYS = {
  Tab: { key: 'Tab', code: 'Tab', windowsVirtualKeyCode: 9 },
  Enter: { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13, text: '\r' },
  Space: { key: ' ', code: 'Space', windowsVirtualKeyCode: 32, text: ' ' },
  ArrowDown: { key: 'ArrowDown', code: 'ArrowDown', windowsVirtualKeyCode: 40 },
} as const;

/** A page needs fewer presses of Tab, also where a field of a date takes several. */
const MOST_TABS = 150;

/** The elements that a person can use now; of a group of radio buttons Tab reaches one, and arrows the others. */
const USABLE = `[...document.querySelectorAll('a[href], button, input, select, textarea, summary, video[controls], [tabindex="0"]')]
  .filter((each) => each.type !== 'hidden' && !each.disabled && each.checkVisibility({ visibilityProperty: true }))
  .filter((each, _, all) => each.type !== 'radio' || each === (all.find(({ name, checked }) => name === each.name && checked) ?? all.find(({ name }) => name === each.name)))`;

/** The element with the focus: its place among the usable ones, and how a person sees that it has the focus. */
const FOCUSED = `(() => {
  const each = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(each);
  const { top, bottom, left, right } = each.getBoundingClientRect();
  return {
    at: ${USABLE}.indexOf(each),
    isOutlined: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2,
    isInView: bottom > 0 && top < innerHeight && right > 0 && left < innerWidth,
  };
})()`;

const focused = z.object({ at: z.number(), isOutlined: z.boolean(), isInView: z.boolean() });

/** A person who looks at a console without a mouse. */
export class Keyboard {
  readonly #page: Page;
  readonly #visitor: Visitor;

  constructor(visitor: Visitor) {
    this.#page = visitor.page;
    this.#visitor = visitor;
  }

  async press(name: keyof typeof KEYS): Promise<void> {
    await this.#page.send('Input.dispatchKeyEvent', { type: 'keyDown', ...KEYS[name] });
    await this.#page.send('Input.dispatchKeyEvent', { type: 'keyUp', ...KEYS[name] });
  }

  /** Presses a key that leads to another page, and waits until that says something. */
  async leave(name: 'Enter' | 'Space', says: string | RegExp): Promise<void> {
    await this.press(name);
    await this.#visitor.sees(says);
    await until('the page is whole', async () => (await this.#is('document.readyState')) === 'complete');
  }

  /** Types into the field that has the focus, in place of its text. */
  async type(text: string): Promise<void> {
    await this.#page.send('Input.dispatchKeyEvent', {
      type: 'keyDown',
      key: 'a',
      code: 'KeyA',
      windowsVirtualKeyCode: 65,
      modifiers: 2,
      commands: ['selectAll'],
    });
    await this.#page.send('Input.insertText', { text });
  }

  /** Presses Tab until an element has the focus. */
  async tabTo(selector: string): Promise<void> {
    for (let turn = 0; turn < MOST_TABS; turn += 1) {
      await this.press('Tab');
      if ((await this.#is(`document.activeElement.matches(${JSON.stringify(selector)})`)) === true) return;
    }
    throw new Error(`Tab does not reach ${selector} on the page:\n${await this.#visitor.text()}`);
  }

  /** Returns what a person without a mouse would mind of the page: what Tab does not reach, and a focus that nobody sees. */
  async mindsOf(path: string): Promise<string[]> {
    await this.#visitor.goTo(path);
    const names = z
      .array(z.string())
      .parse(await this.#is(`${USABLE}.map((each) => each.outerHTML.slice(0, 120))`));
    const reached = new Set<number>();
    const minds = new Set<string>();
    let last = -1;
    for (let turn = 0; turn < MOST_TABS; turn += 1) {
      await this.press('Tab');
      const { at, isOutlined, isInView } = focused.parse(await this.#is(FOCUSED));
      // A page may have begun with the focus in a field. After the last element the focus leaves the page, and begins anew.
      if (at === -1) continue;
      if (at !== last && reached.has(at)) break;
      last = at;
      reached.add(at);
      if (!isOutlined) minds.add(`its focus is not seen: ${names[at]}`);
      if (!isInView) minds.add(`it is out of view: ${names[at]}`);
    }
    const missed = names.filter((_, index) => !reached.has(index));
    return [...minds, ...missed.map((name) => `Tab does not reach it: ${name}`)];
  }

  #is(expression: string): Promise<unknown> {
    return this.#page.evaluate(expression);
  }
}

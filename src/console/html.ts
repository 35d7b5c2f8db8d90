import { html as template } from 'hono/html';

/** Markup. What was a text in it is escaped. */
export type Html = ReturnType<typeof template>;

/** A value within markup. An object of unknown shape is none, so that no document from outside can pass for markup. */
export type Part = string | number | boolean | undefined | Html | readonly Part[];

/** Makes markup of a template. Texts are escaped; attributes must stand in quotes. Nothing is shown of false and undefined. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return template(strings, ...parts);
}

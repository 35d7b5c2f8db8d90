import * as fc from 'fast-check';
import { json } from './hostile-inputs.js';

/** Markup, styles and placeholders, right and wrong, for the guard on assets. */
const pieces = fc.constantFrom(
  '<img src="',
  "<p style='",
  '<style>',
  '</style>',
  '<svg>',
  '<iframe srcdoc="',
  '"',
  "'",
  '>',
  '<!--',
  '-->',
  '<b>',
  '</b>',
  '<table>',
  '<template>',
  '<title>',
  '&#',
  'url(',
  ')',
  '@import ',
  '{{a}}',
  '{{b}}',
  '{{rows[0].a}}',
  '{{',
  '//10.0.0.1',
  'http://a.example/',
  'image-set(',
  '\\',
  '\ud83d',
  '\u{10FFFE}',
  ' ',
  '\0',
);
const markup = fc
  .array(fc.oneof(pieces, fc.string({ maxLength: 4 })), { maxLength: 30 })
  .map((all) => all.join(''));
/** Movies whose places of assets hold such texts. */
export const assets = fc.record({
  variables: fc.record({ a: markup, b: markup, rows: fc.array(fc.record({ a: markup }), { maxLength: 3 }) }),
  scenes: fc.tuple(
    fc.record(
      {
        iterate: fc.constantFrom('rows', 'a', '{{rows}}', 'none'),
        src: markup,
        html: markup,
        text: markup,
        settings: json,
      },
      { requiredKeys: [] },
    ),
  ),
  exports: json,
});

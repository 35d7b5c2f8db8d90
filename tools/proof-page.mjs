// Writes the report of the proof as a page, with its plots beside it: node tools/proof-page.mjs FOLDER
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PROOF = new URL('../proof/', import.meta.url);
const PLOTS = ['paid.svg', 'time-to-known.svg'];

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem; color-scheme: light dark }
table { border-collapse: collapse; display: block; overflow-x: auto }
th, td { border-bottom: 1px solid #8886; padding: 0.25rem 0.75rem 0.25rem 0; text-align: left; vertical-align: top }
img { max-width: 100%; height: auto }`;

const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** The marks within a line: code, pictures, links. */
function inline(text) {
  return text
    .replace(/[&<>"]/g, (mark) => ESCAPES[mark])
    .replace(/`([^`]+)`/g, '<code>$1</code>')
    .replace(/!\[([^\]]*)\]\(([^)\s]+)\)/g, '<img alt="$1" src="$2">')
    .replace(/\[([^\]]*)\]\(([^)\s]+)\)/g, '<a href="$2">$1</a>');
}

function row(cells, tag) {
  return `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`;
}

function table(lines) {
  const [head, , ...rows] = lines.map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => inline(cell.trim())),
  );
  return `<table><thead>${row(head, 'th')}</thead><tbody>${rows.map((cells) => row(cells, 'td')).join('')}</tbody></table>`;
}

function block(text) {
  const lines = text.split('\n');
  const [, marks, title] = /^(#+) (.*)$/.exec(text) ?? [];
  if (marks !== undefined) return `<h${marks.length}>${inline(title)}</h${marks.length}>`;
  if (lines[0].startsWith('|')) return table(lines);
  if (lines.every((line) => line.startsWith('- ')))
    return `<ul>${lines.map((line) => `<li>${inline(line.slice(2))}</li>`).join('')}</ul>`;
  return `<p>${inline(lines.join(' '))}</p>`;
}

/** A page of the Markdown that the report uses: titles, paragraphs, tables, lists, and marks within a line. */
export function pageOf(markdown) {
  const body = markdown
    .trim()
    .split(/\n{2,}/)
    .map(block)
    .join('\n');
  return `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>renderonce: proof</title><style>${STYLE}</style></head>\n<body>\n${body}\n</body></html>\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , folder] = process.argv;
  if (folder === undefined) throw new Error('usage: node tools/proof-page.mjs FOLDER');
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/index.html`, pageOf(readFileSync(new URL('report.md', PROOF), 'utf8')));
  for (const plot of PLOTS) copyFileSync(new URL(plot, PROOF), `${folder}/${plot}`);
}

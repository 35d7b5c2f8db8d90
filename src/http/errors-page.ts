import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';

const PATH = '/docs/errors.md';
const FILE = new URL(`../..${PATH}`, import.meta.url);

const STYLE = `body { margin: 1rem auto; max-width: 80rem; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; }
div { overflow-x: auto; } table { border-collapse: collapse; }
th, td { border: 1px solid gray; padding: 0.25rem 0.5rem; text-align: left; vertical-align: top; }
a { scroll-margin-top: 1rem; } tr:has(:target) { outline: 3px solid; outline-offset: -3px; }`;

const STYLE_HASH = `sha256-${createHash('sha256').update(STYLE).digest('base64')}`;

/** Adds the page to which the `type` of each problem leads: HTML for a browser, else Markdown. */
export function addErrorsPage(app: FastifyInstance): void {
  app.get(PATH, { schema: { hide: true } }, async ({ headers }, reply) => {
    const page = await readFile(FILE, 'utf8');
    void reply.header('vary', 'accept').header('x-content-type-options', 'nosniff');
    if (headers.accept?.includes('text/html') !== true)
      return reply.type('text/markdown; charset=utf-8').send(page);
    return reply
      .type('text/html; charset=utf-8')
      .header(
        'content-security-policy',
        `default-src 'none'; style-src '${STYLE_HASH}'; frame-ancestors 'none'`,
      )
      .send(documentOf(page));
  });
}

/** Makes HTML of the Markdown that the page uses: one heading, paragraphs, tables, code, links and anchors. */
function documentOf(markdown: string): string {
  const blocks = markdown.trim().split(/\n{2,}/);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<title>Errors · renderonce</title>
<style>${STYLE}</style>
<main>
${blocks.map(blockOf).join('\n')}
</main>
</html>
`;
}

function blockOf(block: string): string {
  if (block.startsWith('# ')) return `<h1>${inline(block.slice(2))}</h1>`;
  if (!block.startsWith('|')) return `<p>${inline(block)}</p>`;
  const [head = '', , ...rows] = block.split('\n');
  return `<div tabindex="0"><table>
<thead>${rowOf(head, 'th')}</thead>
<tbody>${rows.map((row) => rowOf(row, 'td')).join('\n')}</tbody>
</table></div>`;
}

function rowOf(row: string, cell: 'th' | 'td'): string {
  const cells = row.split('|').slice(1, -1);
  return `<tr>${cells.map((text) => `<${cell}>${inline(text.trim())}</${cell}>`).join('')}</tr>`;
}

function inline(text: string): string {
  return (
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replace(/&lt;a id="(\w+)">&lt;\/a>/g, '<a id="$1"></a>')
      .replace(/`([^`]+)`/g, '<code>$1</code>')
      // The server has no other page.
      .replace(/\[([^\]]+)\]\((?!#)[^)]*\)/g, '$1')
  );
}

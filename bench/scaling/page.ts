const BEGIN = '<!-- tables: npm run bench:scaling -->';
const END = '<!-- end of the tables -->';

/** The page with these tables between its marks. */
export function withTables(page: string, tables: string): string {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`the page has no ${BEGIN} … ${END}`);
  return `${before}${BEGIN}\n\n${tables}\n${END}${after}`;
}

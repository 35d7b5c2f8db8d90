/** `project`, or its alias `id`; undefined or empty means: no single movie is asked for. */
export function projectParameter(query: URLSearchParams): string | undefined {
  const project = query.get('project') ?? query.get('id');
  return project === null || project === '' ? undefined : project;
}

/** File name without ending, of a path such as `/clients/ID/renders/2026-11-02-0123456789abcdef.mp4`. */
export function stemOf(path: string): string {
  return (path.split('/').at(-1) ?? '').replace(/\.[a-z0-9]+$/, '');
}

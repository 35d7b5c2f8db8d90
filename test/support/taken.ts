/** Servers and workers that tests run in this process, by what they are. */
const held = new Map<() => Promise<void>, string>();

/** Notes that a test file holds something; the returned function releases it, once. */
export function taken(what: string, release: () => Promise<unknown>): () => Promise<void> {
  let released: Promise<void> | undefined;
  const releaseOnce = (): Promise<void> => {
    held.delete(releaseOnce);
    released ??= release().then(() => undefined);
    return released;
  };
  held.set(releaseOnce, what);
  return releaseOnce;
}

/** Releases everything that is still held; returns what it was. */
export async function releaseLeft(): Promise<readonly string[]> {
  const left = [...held];
  await Promise.all(left.map(([release]) => release()));
  return left.map(([, what]) => what);
}

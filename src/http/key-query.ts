const RENDERS = '/v1/renders';

/**
 * Returns the URL of a request with a key from its query moved into the path, for proxies that decode `%2F` in paths:
 * `/v1/renders/events?key=K` becomes `/v1/renders/K/events`. Other URLs stay as they are; a query with two keys does, too,
 * and no route takes it. `POST /v1/renders` has no path with a key, and reads the query itself.
 */
export function withKeyInPath(url: string, method?: string): string {
  const [path, query] = splitOnce(url, '?');
  const [, tail = ''] = /^\/v1\/renders(\/(?:events|video|decision))?$/.exec(path) ?? [];
  const isPost = method === 'POST' && tail === '';
  const isKeyed = query !== undefined && path === RENDERS + tail && !isPost;
  if (!isKeyed) return url;
  const fields = new URLSearchParams(query);
  const [key, ...others] = fields.getAll('key');
  if (key === undefined || others.length > 0) return url;
  fields.delete('key');
  const rest = fields.size === 0 ? '' : `?${fields.toString()}`;
  // Bytes that are no UTF-8 would become a key that looks like others.
  return key.includes('\ufffd') ? url : `${RENDERS}/${encodeURIComponent(key)}${tail}${rest}`;
}

function splitOnce(text: string, separator: string): readonly [string, string?] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

import { type Dispatcher, request } from 'undici';

/**
 * Asks a server of a measurement over HTTP; answers the reply's JSON, undefined for an empty one.
 *
 * @throws what any other status than 2xx says
 */
export async function askJson(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  url: string,
  body?: object,
  dispatcher?: Dispatcher,
  headers: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const { statusCode, body: reply } = await request(url, {
    method,
    ...(dispatcher === undefined ? {} : { dispatcher }),
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  if (statusCode >= 300) throw new Error(`${method} ${url} was answered ${statusCode}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

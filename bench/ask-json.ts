import { type Dispatcher, request } from 'undici';

/**
 * Asks a server of a measurement over HTTP; answers the reply's JSON, undefined for an empty one.
 *
 * @throws what any other status than 2xx says
 */
export async function askJson(
  method: 'GET' | 'POST' | 'DELETE',
  url: string,
  body?: object,
  dispatcher?: Dispatcher,
): Promise<unknown> {
  const { statusCode, body: reply } = await request(url, {
    method,
    ...(dispatcher === undefined ? {} : { dispatcher }),
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const text = await reply.text();
  if (statusCode >= 300) throw new Error(`${method} ${url} was answered ${statusCode}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

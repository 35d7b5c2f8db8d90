/** Shorter ones are made up for tests, and would be found in other words. */
const API_KEY_CHARACTERS = 8;

/** A provider that quotes the API key in its message must not bring it into a history, a log or an error. */
export function hiding(apiKey: string): <T extends object>(reply: T) => T {
  if (apiKey.length < API_KEY_CHARACTERS) return (reply) => reply;
  return (reply) =>
    'body' in reply && typeof reply.body === 'string'
      ? { ...reply, body: reply.body.replaceAll(apiKey, '[API key]') }
      : reply;
}

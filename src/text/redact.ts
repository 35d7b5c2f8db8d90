/** Path of the receiver's route. A callback token follows it. */
export const WEBHOOK_PATH = '/json2video';

const REDACTED = 'redacted';
const CALLBACK_TOKEN = new RegExp(`${WEBHOOK_PATH}/v1\\.[\\w.-]+`, 'g');

/**
 * Removes from text what would give its reader access: the queries of URLs (a presigned one is the key to a file),
 * credentials in URLs, and the tokens of our own callbacks.
 */
export function redactSecrets(text: string): string {
  // No pattern reads a character twice, so the time is linear also for hostile text.
  return text
    .replace(/https?:\/\/[^\s'"<>]+/gi, redactUrl)
    .replace(CALLBACK_TOKEN, `${WEBHOOK_PATH}/${REDACTED}`);
}

function redactUrl(url: string): string {
  const [address = '', ...query] = url.split('?');
  const shown = address.replace(/\/\/[^/]*@/, `//${REDACTED}@`);
  return query.length === 0 ? shown : `${shown}?${REDACTED}`;
}

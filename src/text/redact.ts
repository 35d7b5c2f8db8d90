/** Path of the receiver's route; a callback token follows it. */
export const WEBHOOK_PATH = '/json2video';

const REDACTED = 'redacted';
const CALLBACK_TOKEN = new RegExp(`${WEBHOOK_PATH}/v1\\.[\\w.-]+`, 'g');

/**
 * Text from outside without what would let its reader in somewhere: the queries of URLs (presigned ones are keys to a
 * file), credentials in URLs, and the tokens of our own callbacks.
 */
export function redactSecrets(text: string): string {
  // No pattern looks at a character twice: linear, however long and hostile the text.
  return text
    .replace(/https?:\/\/[^\s'"<>]+/gi, redactUrl)
    .replace(CALLBACK_TOKEN, `${WEBHOOK_PATH}/${REDACTED}`);
}

function redactUrl(url: string): string {
  const [address = '', ...query] = url.split('?');
  const shown = address.replace(/\/\/[^/]*@/, `//${REDACTED}@`);
  return query.length === 0 ? shown : `${shown}?${REDACTED}`;
}

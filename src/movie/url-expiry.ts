/** Returns the time at which a signed URL expires, in epoch milliseconds; undefined for other URLs. */
export function expiryOfUrl(address: string): number | undefined {
  const query = new URLSearchParams(/\?([^#]*)/.exec(address)?.[1] ?? '');
  const names = new Map([...query].map(([name, value]) => [name.toLowerCase(), value]));
  const of = (name: string): string => names.get(name) ?? '';
  for (const vendor of ['x-amz', 'x-goog']) {
    const startMs = basicIsoMs(of(`${vendor}-date`));
    const seconds = Number(of(`${vendor}-expires`) || 'none');
    if (startMs !== undefined && Number.isFinite(seconds)) return startMs + seconds * 1_000;
  }
  const isSigned = ['signature', 'sig', 'key-pair-id', 'googleaccessid', 'token', 'hmac'].some((name) =>
    names.has(name),
  );
  if (!isSigned) return undefined;
  // CloudFront, older S3 and others use epoch seconds, Azure an ISO time.
  const seconds = /^\d{9,11}$/.exec(of('expires') || of('exp') || of('expiry'))?.[0];
  if (seconds !== undefined) return Number(seconds) * 1_000;
  const endMs = Date.parse(of('se'));
  return Number.isNaN(endMs) ? undefined : endMs;
}

/** Reads a time such as `20261124T100000Z`. */
function basicIsoMs(text: string): number | undefined {
  const iso = text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  const ms = Date.parse(iso);
  return iso === text || Number.isNaN(ms) ? undefined : ms;
}

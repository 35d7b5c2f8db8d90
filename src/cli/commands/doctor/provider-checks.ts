import type { Config } from '../../../config.js';
import { createJson2Video, type Json2Video } from '../../../json2video/client.js';
import { nameOf } from '../../../json2video/connector.js';
import { proxyFor } from '../../../json2video/proxy.js';
import { ConfigInvalid } from '../../../render/errors.js';
import { type Check, ok, warning, wrong } from './check.js';

/** Calls the provider, and returns the checks of the proxy, of the API key and of this machine's clock. */
export async function checkProvider(config: Config, env: Environment): Promise<Check[]> {
  const { apiKey, json2videoUrl: url } = config;
  const proxy = proxyCheck(url, env);
  if (proxy?.level === 'wrong') return [proxy];
  const json2video = createJson2Video({ url, apiKey: apiKey?.reveal() ?? '', now: Date.now, env });
  try {
    return [...(proxy ? [proxy] : []), ...providerChecks(await json2video.probe(), config)];
  } finally {
    await json2video.close();
  }
}

type Environment = Readonly<Record<string, string | undefined>>;
type AccountProbe = Awaited<ReturnType<Json2Video['probe']>>;

/** Returns the check of the proxy; undefined if the provider is reached without one. */
function proxyCheck(url: string, env: Environment): Check | undefined {
  try {
    const proxy = proxyFor(new URL(url), env);
    return proxy && ok('proxy', `${url} is reached through ${nameOf(proxy)}`);
  } catch (error) {
    if (!(error instanceof ConfigInvalid)) throw error;
    return wrong('proxy', error.message, error.next);
  }
}

/** Returns the checks that follow from a call of the provider. */
export function providerChecks(probe: AccountProbe, { apiKey, json2videoUrl }: Config): Check[] {
  if (probe.says === 'unreachable') {
    const message = `${json2videoUrl} does not answer: ${probe.message}`;
    return [
      wrong(
        'API key',
        message,
        'correct JSON2VIDEO_URL, or let this machine reach that address, if need be through HTTPS_PROXY',
      ),
      warning('clock', 'nothing to compare with', 'see above'),
    ];
  }
  return [keyCheck(probe, json2videoUrl, apiKey !== undefined), clockCheck(probe.aheadMs)];
}

function keyCheck({ says, message, creditsLeft }: AccountProbe, url: string, isSet: boolean): Check {
  const fix = 'set JSON2VIDEO_API_KEY to a project API key of the account, with role render or higher';
  if (!isSet) {
    return warning(
      'API key',
      `${url} answers; JSON2VIDEO_API_KEY is not set here, and only workers need it`,
      `if workers run on this machine: ${fix}`,
    );
  }
  switch (says) {
    case 'accepted':
      return ok(
        'API key',
        `${url} accepts it${creditsLeft === undefined ? '' : `; ${creditsLeft} credits left`}`,
      );
    case 'no-credits':
      return warning(
        'API key',
        `${url} accepts it, but the account has no credits (${message})`,
        'buy credits: renders wait until there are some',
      );
    case 'refused':
      return wrong('API key', `${url} refuses it (${message})`, fix);
    case 'unclear':
    case 'unreachable':
      return warning('API key', `${url} does not say if it accepts it (${message})`, 'try again later');
  }
}

/** Least error of the clock that is a warning: callbacks expire hours after a render, and looks begin minutes before. */
const CLOCK_WARNING_MS = 5_000;

/** Least error of the clock that is wrong: half of the 10 min by which a look begins before the submission. */
const CLOCK_WRONG_MS = 300_000;

function clockCheck(aheadMs: number | undefined): Check {
  if (aheadMs === undefined) {
    return warning('clock', 'JSON2Video does not report its time', 'use NTP to be sure');
  }
  const distanceMs = Math.abs(aheadMs);
  const seconds = (distanceMs / 1_000).toFixed(1);
  const message = `${seconds} s ${aheadMs < 0 ? 'behind' : 'ahead of'} JSON2Video's`;
  const fix = 'let NTP set the clock of this machine: the expiry of callbacks and the looks depend on it';
  if (distanceMs >= CLOCK_WRONG_MS) return wrong('clock', message, fix);
  return distanceMs >= CLOCK_WARNING_MS ? warning('clock', message, fix) : ok('clock', message);
}

import type { Config } from '../../../config.js';
import type { AccountProbe } from '../../../json2video/probe-account.js';
import { CLOCK_WARNING_MS, CLOCK_WRONG_MS } from '../../limits.js';
import { type Check, ok, warning, wrong } from './check.js';

/** What a call of the provider tells of the API key and of this machine's clock. */
export function providerChecks(probe: AccountProbe, { apiKey, json2videoUrl }: Config): Check[] {
  if (probe.says === 'unreachable') {
    const message = `${json2videoUrl} does not answer: ${probe.message}`;
    return [
      wrong('API key', message, 'correct JSON2VIDEO_URL, or let this machine reach that address'),
      warning('clock', 'nothing to compare with', 'see above'),
    ];
  }
  return [keyCheck(probe, json2videoUrl, apiKey !== undefined), clockCheck(probe.aheadMs)];
}

type Answered = Exclude<AccountProbe, { says: 'unreachable' }>;

function keyCheck({ says, message }: Answered, url: string, isSet: boolean): Check {
  const fix = 'set JSON2VIDEO_API_KEY to a project API key of the account, with role render or higher';
  if (!isSet) {
    return warning(
      'API key',
      `${url} answers; JSON2VIDEO_API_KEY is not set here, and only workers need it`,
      `where this is a worker's machine: ${fix}`,
    );
  }
  switch (says) {
    case 'accepted':
      return ok('API key', `${url} takes it`);
    case 'refused':
      return wrong('API key', `${url} refuses it (${message})`, fix);
    case 'unclear':
      return warning('API key', `${url} does not say whether it takes it (${message})`, 'try again later');
  }
}

function clockCheck(aheadMs: number | undefined): Check {
  if (aheadMs === undefined)
    return warning('clock', 'JSON2Video does not tell its time', 'use NTP to be sure');
  const distanceMs = Math.abs(aheadMs);
  const seconds = (distanceMs / 1_000).toFixed(1);
  const message = `${seconds} s ${aheadMs < 0 ? 'behind' : 'ahead of'} JSON2Video's`;
  const fix = 'let NTP set the clock of this machine: expiry of callbacks and looks for lost movies go by it';
  if (distanceMs >= CLOCK_WRONG_MS) return wrong('clock', message, fix);
  return distanceMs >= CLOCK_WARNING_MS ? warning('clock', message, fix) : ok('clock', message);
}

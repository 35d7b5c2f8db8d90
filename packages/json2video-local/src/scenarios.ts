import type { FaultRuleInput } from './faults/fault-rule.js';
import type { SwitchSettings } from './switches.js';

/** Fault rules and switches that together make one kind of bad day. */
interface Scenario {
  readonly about: string;
  readonly switches?: SwitchSettings;
  readonly faults?: readonly FaultRuleInput[];
}

const scripted = (...script: (string | { status: string; message?: string; url?: string | null })[]) =>
  [{ match: {}, effect: { kind: 'state', script } }] satisfies FaultRuleInput[];

const slow = (call: 'create' | 'status' | 'list', ms: number): FaultRuleInput => ({
  match: { call },
  effect: { kind: 'delay', ms },
});

const sometimes = (probability: number, effect: FaultRuleInput['effect']): FaultRuleInput => ({
  match: { probability },
  effect,
});

const BAD_GATEWAY = {
  kind: 'status',
  code: 502,
  body: '<html><h1>502 Bad Gateway</h1></html>',
  accept: false,
} as const;

const SCENARIOS = {
  'lost-reply': {
    about: 'the first submission is accepted, and its reply never arrives',
    faults: [{ match: { call: 'create', nth: 1 }, effect: { kind: 'reset-after' } }],
  },
  'double-charge': {
    about: 'the first submission is answered 500, and accepted all the same',
    faults: [
      {
        match: { call: 'create', nth: 1 },
        effect: { kind: 'status', code: 500, body: { error: 'Error starting subprocess' }, accept: true },
      },
    ],
  },
  'late-accept': {
    about: 'the first submission is carried out 30 seconds after it came in, even if its sender has left',
    faults: [{ match: { call: 'create', nth: 1 }, effect: { kind: 'delay', ms: 30_000 } }],
  },
  'lost-webhooks': { about: 'no callback is ever sent', switches: { webhookDelivery: 'lost' } },
  'early-webhooks': {
    about: 'callbacks arrive before the submission is answered',
    switches: { webhookDelivery: 'early' },
  },
  'silent-failures': { about: 'failed renders are not called back', switches: { failedWebhook: 'none' } },
  'webhook-storm': {
    about: 'every callback five times, in reverse order, and a forged one before',
    faults: [
      { match: {}, effect: { kind: 'webhook', action: 'duplicate', n: 5 } },
      { match: {}, effect: { kind: 'webhook', action: 'reorder', n: 2 } },
      { match: {}, effect: { kind: 'webhook', action: 'forge' } },
    ],
  },
  'brief-error': {
    about: 'each movie shows `error` for one poll, and recovers',
    faults: scripted('running', 'error', 'running', 'done'),
  },
  'timeout-then-done': {
    about: 'each movie shows `timeout`, and is done later',
    faults: scripted('running', 'timeout', 'timeout', 'done'),
  },
  'gone-file': {
    about: 'each movie is `done` without a URL',
    faults: scripted({ status: 'done', url: null }),
  },
  'no-credits': {
    about: 'submissions are refused for lack of credits',
    faults: [{ match: { call: 'create' }, effect: { kind: 'account', problem: 'no-credits' } }],
  },
  'bad-key': {
    about: 'no key is accepted',
    faults: [{ match: {}, effect: { kind: 'account', problem: 'bad-key' } }],
  },
  'rate-limited': {
    about: 'more than 20 requests a minute are answered 429 with Retry-After',
    switches: { rateLimit: 'json-retry-after', requestsPerMinute: 20 },
  },
  'slow-provider': {
    about: 'every reply takes seconds',
    faults: [slow('create', 5_000), slow('status', 3_000), slow('list', 3_000)],
  },
  'list-lag': {
    about: 'an accepted movie is listed a minute later, and its project known after 5 seconds',
    switches: { listLagSeconds: 60, statusLagSeconds: 5 },
  },
  'flaky-network': {
    about: 'one call in five breaks, before or after it took effect',
    faults: [
      sometimes(0.05, { kind: 'reset-before' }),
      sometimes(0.05, { kind: 'reset-after' }),
      sometimes(0.05, { kind: 'truncate', bytes: 20 }),
      sometimes(0.05, BAD_GATEWAY),
    ],
  },
} as const satisfies Readonly<Record<string, Scenario>>;

/** The name of a scenario. */
export type ScenarioName = keyof typeof SCENARIOS;

const isScenarioName = (name: string): name is ScenarioName => Object.hasOwn(SCENARIOS, name);

/** Returns the scenario of this name; undefined if there is none. */
export function scenarioNamed(name: string): Scenario | undefined {
  return isScenarioName(name) ? SCENARIOS[name] : undefined;
}

/** Returns the name of each scenario, and a sentence about it. */
export function scenarioList(): { name: ScenarioName; about: string }[] {
  return Object.keys(SCENARIOS)
    .filter(isScenarioName)
    .map((name) => ({ name, about: SCENARIOS[name].about }));
}

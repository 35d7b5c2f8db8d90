import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import { ConfigInvalid } from '../render/errors.js';
import { EVENT_TYPES, type EventType } from '../render/event.js';
import { DEFAULT_DESTINATION, notifyFault, type NotifyTarget } from '../render/follow.js';
import { Secret } from '../text/secret.js';

/** A receiver of events. */
export interface Destination {
  readonly url: URL;
  /** All of them sign, so that a receiver may change from one to the other at any time. */
  readonly secrets: readonly Secret[];
  /** Types of the events that it wants; absent: all. */
  readonly types?: readonly EventType[];
  /** Tenants of the HTTP API that may name it; absent: none. */
  readonly tenants?: readonly string[];
}

/** What the environment says of events. */
export interface EventSettings {
  /** Address and secrets of destination `default`. */
  readonly url?: string | undefined;
  readonly secrets?: readonly Secret[] | undefined;
  /** More destinations: the content of a JSON file `{ name: { url, secret, previousSecret?, types?, tenants? } }`. */
  readonly more?: string | undefined;
  /** Hosts that `{ url }` of a call may name; `*.example.com` stands for all names below. */
  readonly notifyHosts?: readonly string[] | undefined;
  /** True to send to private addresses too; false by default. */
  readonly allowPrivate?: boolean | undefined;
}

const destination = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  secret: z.string(),
  previousSecret: z.string().optional(),
  types: z.array(z.enum(EVENT_TYPES)).optional(),
  tenants: z.array(z.string()).optional(),
});
const file = z.record(z.string(), destination);

/** The receivers that this process knows. */
export class Destinations {
  readonly #named: ReadonlyMap<string, Destination>;
  readonly #hosts: readonly string[];
  readonly #secrets: readonly Secret[];

  /** @throws ConfigInvalid */
  constructor({ url, secrets = [], more, notifyHosts = [] }: EventSettings) {
    const named = more === undefined ? [] : readFile(more);
    for (const secret of secrets) requireSigning(secret, 'RENDERONCE_EVENTS_SECRET');
    if (url !== undefined) {
      if (secrets.length === 0) throw lacksSecret();
      named.push([DEFAULT_DESTINATION, { url: new URL(url), secrets }]);
    }
    if (notifyHosts.length > 0 && secrets.length === 0) throw lacksSecret();
    this.#named = new Map(named);
    this.#hosts = notifyHosts;
    this.#secrets = secrets;
  }

  /** Receivers of renders whose call names none. */
  get byDefault(): readonly NotifyTarget[] {
    return this.#named.has(DEFAULT_DESTINATION) ? [DEFAULT_DESTINATION] : [];
  }

  /** Returns a receiver, or the reason why there is none. */
  find(target: NotifyTarget): Destination | string {
    if (typeof target === 'string') {
      return this.#named.get(target) ?? `this process knows no destination ${target}`;
    }
    const url = new URL(target.url);
    if (!this.#hosts.some((host) => isHost(url, host)))
      return `host ${url.host} is not in RENDERONCE_NOTIFY_HOSTS`;
    return { url, secrets: this.#secrets };
  }

  /** Returns the reason why a caller may not name these receivers; undefined if it may. */
  refusalOf(targets: readonly NotifyTarget[], tenant?: string): string | undefined {
    const fault = notifyFault(targets);
    if (fault !== undefined) return `the list ${fault}`;
    for (const target of targets) {
      const found = this.find(target);
      if (typeof found === 'string') return found;
      const isForeign =
        typeof target === 'string' && tenant !== undefined && found.tenants?.includes(tenant) !== true;
      // The same words as for an unknown one.
      if (isForeign) return `this process knows no destination ${target}`;
    }
    return undefined;
  }
}

function isHost({ host, hostname }: URL, allowed: string): boolean {
  if (allowed.startsWith('*.')) return hostname.endsWith(allowed.slice(1));
  return allowed === hostname || allowed === host;
}

function readFile(text: string): [string, Destination][] {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    throw unfit('is no JSON');
  }
  const parsed = file.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw unfit(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is unusable'}`);
  }
  return Object.entries(parsed.data).map(([name, { url, secret, previousSecret, types, tenants }]) => {
    if (notifyFault([name]) !== undefined) throw unfit(`${name}: ${notifyFault([name])}`);
    const secrets = [secret, ...(previousSecret === undefined ? [] : [previousSecret])].map(
      (each) => new Secret(each),
    );
    for (const each of secrets) requireSigning(each, `RENDERONCE_DESTINATIONS: the secret of ${name}`);
    const limits = { ...(types && { types }), ...(tenants && { tenants }) };
    return [name, { url: new URL(url), secrets, ...limits }];
  });
}

/** A secret of fewer bytes is weak; the specification allows 24 to 64. */
const SECRET_BYTES = { min: 24, max: 64 } as const;

function requireSigning(secret: Secret, name: string): void {
  const [, base64 = ''] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret.reveal()) ?? [];
  const bytes = Buffer.from(base64, 'base64').length;
  if (bytes >= SECRET_BYTES.min && bytes <= SECRET_BYTES.max) return void new Webhook(secret.reveal());
  throw new ConfigInvalid(
    `${name} must be whsec_ and ${SECRET_BYTES.min} to ${SECRET_BYTES.max} random bytes in base64`,
    'Make one with: echo "whsec_$(openssl rand -base64 32)"',
  );
}

function lacksSecret(): ConfigInvalid {
  return new ConfigInvalid(
    'RENDERONCE_EVENTS_SECRET is not set',
    'Set it to a signing secret, and give the same to the receiver. Make one with: echo "whsec_$(openssl rand -base64 32)"',
  );
}

function unfit(fault: string): ConfigInvalid {
  return new ConfigInvalid(
    `RENDERONCE_DESTINATIONS ${fault}`,
    'Write { "name": { "url", "secret", "previousSecret"?, "types"?, "tenants"? } } into the file and start again.',
  );
}

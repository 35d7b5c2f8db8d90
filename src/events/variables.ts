import { z } from 'zod';
import { Secret } from '../text/secret.js';

/** What the environment says of events. */
export interface EventConfig {
  /** Address of destination `default`. */
  readonly url: string | undefined;
  /** Secrets of destination `default`; all of them sign. */
  readonly secrets: readonly Secret[];
  /** Path of a file with more destinations. */
  readonly destinations: string | undefined;
  /** Hosts that `{ url }` of a call may name; `*.example.com` stands for all names below. */
  readonly notifyHosts: readonly string[];
  /** True to send to private addresses too. */
  readonly allowPrivate: boolean;
}

const list = (text: string): string[] =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');

const HOST = /^(?:\*\.)?[a-z0-9.-]+(?::\d{1,5})?$/;

/** The variables with their rules, as in `config.ts`. */
export const EVENT_VARIABLES = {
  RENDERONCE_EVENTS_URL: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).optional(),
  RENDERONCE_EVENTS_SECRET: z
    .string()
    .transform(list)
    .refine((secrets) => secrets.every((secret) => secret.startsWith('whsec_')), {
      error: 'must be a secret that begins with whsec_, or several with commas between',
    })
    .default([]),
  RENDERONCE_DESTINATIONS: z.string().optional(),
  RENDERONCE_NOTIFY_HOSTS: z
    .string()
    .transform(list)
    .refine((hosts) => hosts.every((host) => HOST.test(host)), {
      error: 'must be a list of hosts with commas between, e.g. n8n.example.com,*.hooks.example.com',
    })
    .default([]),
  RENDERONCE_EVENTS_PRIVATE: z
    .enum(['allow', 'refuse'], { error: 'must be allow or refuse' })
    .default('refuse'),
};

/** Returns the settings of the parsed variables. */
export function eventConfigOf(data: {
  readonly RENDERONCE_EVENTS_URL?: string | undefined;
  readonly RENDERONCE_EVENTS_SECRET: readonly string[];
  readonly RENDERONCE_DESTINATIONS?: string | undefined;
  readonly RENDERONCE_NOTIFY_HOSTS: readonly string[];
  readonly RENDERONCE_EVENTS_PRIVATE: 'allow' | 'refuse';
}): EventConfig {
  return {
    url: data.RENDERONCE_EVENTS_URL,
    secrets: data.RENDERONCE_EVENTS_SECRET.map((text) => new Secret(text)),
    destinations: data.RENDERONCE_DESTINATIONS,
    notifyHosts: data.RENDERONCE_NOTIFY_HOSTS,
    allowPrivate: data.RENDERONCE_EVENTS_PRIVATE === 'allow',
  };
}

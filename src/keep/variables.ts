import { z } from 'zod';
import type { VideoStoreSettings } from './open-store.js';

/** What the environment says of keeping videos. */
export interface KeepConfig {
  /** Absent if nothing is kept. */
  readonly store: VideoStoreSettings | undefined;
  /** Hosts of the provider's files, besides those that are known. */
  readonly hosts: readonly string[];
}

const HOST = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/;

/** The variables with their rules, as in `config.ts`. */
export const KEEP_VARIABLES = {
  RENDERONCE_KEEP: z
    .string()
    .regex(/^(?:s3:\/\/[a-z0-9]|file:\/\/\/.)/, 'must be s3://bucket/prefix or file:///folder')
    .optional(),
  RENDERONCE_KEEP_PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .optional(),
  RENDERONCE_KEEP_HOSTS: z
    .string()
    .transform((list) =>
      list
        .split(',')
        .map((host) => host.trim().toLowerCase())
        .filter((host) => host !== ''),
    )
    .refine((hosts) => hosts.every((host) => HOST.test(host)), {
      error: 'must be a list of host names with commas between, e.g. cdn.example.com',
    })
    .default([]),
  RENDERONCE_S3_ENDPOINT: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).optional(),
  RENDERONCE_S3_PATH_STYLE: z
    .enum(['on', 'off', 'true', 'false', '1', '0'], { error: 'must be on or off' })
    .transform((value) => ['on', 'true', '1'].includes(value))
    .optional(),
};

/** Returns the settings of the parsed variables. */
export function keepConfigOf(data: {
  readonly RENDERONCE_KEEP?: string | undefined;
  readonly RENDERONCE_KEEP_PUBLIC_URL?: string | undefined;
  readonly RENDERONCE_KEEP_HOSTS: readonly string[];
  readonly RENDERONCE_S3_ENDPOINT?: string | undefined;
  readonly RENDERONCE_S3_PATH_STYLE?: boolean | undefined;
}): KeepConfig {
  const { RENDERONCE_KEEP: keep } = data;
  const store =
    keep === undefined
      ? undefined
      : {
          keep,
          publicUrl: data.RENDERONCE_KEEP_PUBLIC_URL,
          s3Endpoint: data.RENDERONCE_S3_ENDPOINT,
          s3PathStyle: data.RENDERONCE_S3_PATH_STYLE,
        };
  return { store, hosts: data.RENDERONCE_KEEP_HOSTS };
}

import { fileURLToPath } from 'node:url';
import { ConfigInvalid } from '../render/errors.js';
import { messageOf } from '../text/text.js';
import { createFolderStore } from './folder-store.js';
import { createS3Store, type S3Options } from './s3-store.js';
import type { VideoStore } from './video-store.js';

/** Settings of a store, as the variables `RENDERONCE_KEEP…` and `RENDERONCE_S3_…` hold them. */
export interface VideoStoreSettings {
  /** `s3://bucket/prefix`, or `file:///folder`. */
  readonly keep: string;
  /** Public address of the bucket or of the folder, e.g. of a CDN; it makes lasting links. */
  readonly publicUrl?: string | undefined;
  /** Address of an S3 store that is not AWS. */
  readonly s3Endpoint?: string | undefined;
  /** True if an S3 store wants the bucket's name in the path. */
  readonly s3PathStyle?: boolean | undefined;
}

/**
 * Opens the store of kept videos. Nothing is read or written yet. The caller closes it.
 *
 * @throws ConfigInvalid if the address is unusable, or a package that it needs is not installed
 * @example
 * const keep = await openVideoStore({ keep: 's3://my-videos/renders' });
 * const renders = new Renders({ client, keep });
 */
export async function openVideoStore(settings: VideoStoreSettings): Promise<VideoStore> {
  const { keep, s3Endpoint: endpoint, s3PathStyle: pathStyle } = settings;
  const place = placeOf(keep);
  if ('folder' in place) return createFolderStore(place.folder, publicUrls(settings, ''));
  return createS3Store({ ...place, endpoint, pathStyle }, publicUrls(settings, place.prefix));
}

/** Returns the function that makes lasting links. A CDN stands for the whole bucket, so links hold the prefix. */
function publicUrls({ publicUrl }: VideoStoreSettings, prefix: string): VideoStore['publicUrl'] {
  if (publicUrl === undefined) return () => undefined;
  const base = publicUrl.replace(/\/+$/, '');
  const begin = prefix === '' ? base : `${base}/${prefix}`;
  return (path) => `${begin}/${path}`;
}

/** Reads the address of a store. @throws ConfigInvalid */
function placeOf(keep: string): Pick<S3Options, 'bucket' | 'prefix'> | { readonly folder: string } {
  const [, bucket, prefix = ''] =
    /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([\w.\-/]*))?$/.exec(keep) ?? [];
  if (bucket !== undefined) return { bucket, prefix: prefix.replace(/^\/+|\/+$/g, '') };
  if (keep.startsWith('file://')) {
    try {
      const folder = fileURLToPath(keep);
      if (folder !== '/') return { folder };
    } catch (error) {
      throw unusable(keep, messageOf(error));
    }
  }
  throw unusable(keep, 'it is no address of a bucket or of a folder');
}

function unusable(keep: string, why: string): ConfigInvalid {
  return new ConfigInvalid(
    `RENDERONCE_KEEP is ${keep}: ${why}`,
    'Set RENDERONCE_KEEP to s3://bucket/prefix, or to file:///path/of/a/folder that all workers share.',
  );
}

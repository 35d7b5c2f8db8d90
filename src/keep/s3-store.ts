import type { S3Client } from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import { messageOf } from '../text/text.js';
import { loadS3Packages, type S3Packages } from './s3-packages.js';
import type { ByteRange, NewFile, VideoStore } from './video-store.js';

/** Place and kind of an S3 store. Credentials and region come from the standard chain of the AWS SDK. */
export interface S3Options {
  readonly bucket: string;
  /** Begin of all object keys, without slashes at its ends; may be empty. */
  readonly prefix: string;
  /** Address of a store that is not AWS, e.g. of R2, MinIO or Garage. */
  readonly endpoint?: string | undefined;
  /** True if the bucket's name stands in the path and not in the host. */
  readonly pathStyle?: boolean | undefined;
}

/**
 * Bounds of one transfer. Its memory is about `queue` + 2 parts, whatever the size of the video. A part is sent again by
 * itself, so attempts of one request bridge a store that is overloaded for some seconds.
 */
const PART_BYTES = 8 * 2 ** 20;
const QUEUE_PARTS = 3;
const REQUEST_ATTEMPTS = 5;
/** S3 allows no more parts. */
const MAX_PARTS = 10_000;
const CONNECT_MS = 10_000;
/** A request on whose connection nothing moves for so long has failed. */
const IDLE_MS = 60_000;

/** The region that stores other than AWS expect in signatures, if the environment names none. */
const OTHER_REGION = 'us-east-1';

/** Creates a store in an S3 bucket. @throws ConfigInvalid if the packages of the AWS SDK are not installed */
export async function createS3Store(
  options: S3Options,
  publicUrl: (path: string) => string | undefined,
): Promise<VideoStore> {
  const packages = await loadS3Packages();
  const { bucket, prefix } = options;
  const client = newClient(packages, options);
  const address = `s3://${[bucket, prefix].filter((part) => part !== '').join('/')}`;
  const place = (path: string): ObjectPlace => ({
    Bucket: bucket,
    Key: prefix === '' ? path : `${prefix}/${path}`,
  });
  const { GetObjectCommand, DeleteObjectCommand } = packages;
  return {
    address,
    create: (path, content, file) =>
      inWords(`writing ${address}/${path}`, () => upload(packages, client, place(path), content, file)),
    sizeOf: (path) => inWords(`asking for ${address}/${path}`, () => sizeOf(packages, client, place(path))),
    read: (path, range) =>
      inWords(`reading ${address}/${path}`, async () => {
        const { Body } = await client.send(new GetObjectCommand({ ...place(path), ...rangeOf(range) }));
        if (Body instanceof Readable) return Body;
        throw new Error('the reply has no body');
      }),
    remove: (path) =>
      inWords(`deleting ${address}/${path}`, async () => {
        await client.send(new DeleteObjectCommand(place(path)));
      }),
    publicUrl,
    signedUrl: (path, seconds) =>
      inWords(`signing a link to ${address}/${path}`, () =>
        packages.getSignedUrl(client, new GetObjectCommand(place(path)), { expiresIn: seconds }),
      ),
    close: () => client.destroy(),
  };
}

async function sizeOf(
  { HeadObjectCommand }: S3Packages,
  client: S3Client,
  place: ObjectPlace,
): Promise<number | undefined> {
  try {
    return (await client.send(new HeadObjectCommand(place))).ContentLength;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

interface ObjectPlace {
  readonly Bucket: string;
  readonly Key: string;
}

function newClient({ S3Client: Client }: S3Packages, { endpoint, pathStyle }: S3Options): S3Client {
  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  return new Client({
    maxAttempts: REQUEST_ATTEMPTS,
    requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: IDLE_MS },
    ...(endpoint === undefined
      ? {}
      : {
          endpoint,
          region: AWS_REGION || AWS_DEFAULT_REGION || OTHER_REGION,
          // Other stores do not know the checksums that the SDK sends by default.
          requestChecksumCalculation: 'WHEN_REQUIRED',
          responseChecksumValidation: 'WHEN_REQUIRED',
        }),
    ...(pathStyle === undefined ? {} : { forcePathStyle: pathStyle }),
  });
}

/** Uploads in parts. An object becomes visible only after its last byte, and never replaces another one. */
async function upload(
  { Upload }: S3Packages,
  client: S3Client,
  place: ObjectPlace,
  content: AsyncIterable<Uint8Array>,
  { contentType, sizeBytes, signal }: NewFile,
): Promise<boolean> {
  const transfer = new Upload({
    client,
    // `Upload` passes IfNoneMatch to the one PUT of a small object, and to the completion of a large one.
    params: { ...place, Body: Readable.from(content), ContentType: contentType, IfNoneMatch: '*' },
    queueSize: QUEUE_PARTS,
    partSize: Math.max(PART_BYTES, Math.ceil(sizeBytes / MAX_PARTS)),
  });
  const abort = (): void => void transfer.abort();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    await transfer.done();
    return true;
  } catch (error) {
    if (statusOf(error) === 412) return false;
    throw error;
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

function rangeOf(range: ByteRange | undefined): { readonly Range?: string } {
  return range === undefined ? {} : { Range: `bytes=${range.first}-${range.last}` };
}

/** Returns the HTTP status of an error of the SDK. */
function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  const { $metadata: metadata } = error;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}

/** Runs one request. Errors of the SDK say neither what was asked nor of which object. */
async function inWords<T>(what: string, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    const status = statusOf(error);
    if (status === undefined && !isOfSdk(error)) throw error;
    const name = error instanceof Error ? error.name : '';
    const words = [name, messageOf(error)].filter((word) => word !== '' && word !== 'UnknownError');
    throw new Error(
      `${what}: the store answers ${status ?? 'nothing'}: ${words.join(': ') || 'no message'}`,
      { cause: error },
    );
  }
}

/** True if an error is of the SDK or of its connection, and not of the file that is read meanwhile. */
function isOfSdk(error: unknown): boolean {
  return (
    error instanceof Error && (error.name === 'TimeoutError' || error.name === 'CredentialsProviderError')
  );
}

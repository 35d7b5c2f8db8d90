import { Agent, type Dispatcher, request } from 'undici';
import { reachFault } from '../text/reach-fault.js';
import { shorten } from '../text/text.js';
import { connectorThrough } from './connector.js';
import { proxyFor } from './proxy.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Options of `createVideoFiles`. */
interface VideoFilesOptions {
  /** Address of the provider's API. If it is not JSON2Video's own, files may lie on the same server. */
  readonly apiUrl: string;
  /** Further hosts of files, e.g. of a new CDN of the provider. */
  readonly hosts?: readonly string[];
  readonly env?: Environment;
}

/** The provider's file servers. */
export interface VideoFiles {
  /**
   * Begins a download.
   *
   * @throws FileGone if the server has no such file; Error if it cannot be had, or the address is not the provider's
   */
  open(url: string, signal: AbortSignal): Promise<VideoFile>;
  close(): Promise<void>;
}

/** A file whose download has begun. */
interface VideoFile {
  readonly sizeBytes: number;
  readonly body: AsyncIterable<Uint8Array>;
  close(): void;
}

/** The file server has no such file, or does not show it any more. */
export class FileGone extends Error {
  override readonly name = 'FileGone';
}

/** Hosts of the provider's files, seen in documents and replies (API page, section 5; 2026-11). */
const HOSTS = [/^json2video-cdn\d*\.s3(\.[a-z0-9-]+)?\.amazonaws\.com$/, /^([a-z0-9-]+\.)*json2video\.com$/];
const PROVIDER = /^([a-z0-9-]+\.)*json2video\.com$/;

const CONNECT_MS = 10_000;
/** Also the longest silence within a file. */
const SILENCE_MS = 60_000;
const MAX_REDIRECTS = 3;

/** Opens files of the provider, from its own hosts only, through a proxy if there is one. */
export function createVideoFiles({ apiUrl, hosts = [], env = process.env }: VideoFilesOptions): VideoFiles {
  const agents = new Map<string, Agent>();
  const agentFor = (url: URL): Agent => {
    const known = agents.get(url.origin);
    if (known !== undefined) return known;
    const connect = connectorThrough(proxyFor(url, env), CONNECT_MS);
    const agent = new Agent({ connect, headersTimeout: SILENCE_MS, bodyTimeout: SILENCE_MS });
    agents.set(url.origin, agent);
    return agent;
  };
  const get = async (url: URL, signal: AbortSignal): Promise<Dispatcher.ResponseData> => {
    // undici would connect first.
    signal.throwIfAborted();
    return request(url, {
      dispatcher: agentFor(url),
      headers: { accept: 'video/mp4, */*', 'accept-encoding': 'identity' },
      signal,
    });
  };
  return {
    open: async (url, signal) => openFile(url, (target) => get(target, signal), { apiUrl, hosts }),
    close: async () => {
      await Promise.all([...agents.values()].map((agent) => agent.destroy()));
    },
  };
}

type Allowed = Required<Pick<VideoFilesOptions, 'apiUrl' | 'hosts'>>;

async function openFile(
  address: string,
  get: (url: URL) => Promise<Dispatcher.ResponseData>,
  allowed: Allowed,
): Promise<VideoFile> {
  let url = new URL(address);
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    requireAllowed(url, allowed);
    const reply = await get(url).catch((error: unknown) => {
      throw new Error(`${url.host} cannot be reached: ${shorten(reachFault(error))}`, { cause: error });
    });
    if (reply.statusCode < 300 || reply.statusCode > 399) return fileOf(reply, url);
    reply.body.on('error', () => undefined).destroy();
    const { location } = reply.headers;
    if (typeof location !== 'string') throw new Error(`${url.host} redirects without an address`);
    url = new URL(location, url);
  }
  throw new Error(`${url.host} redirects more than ${MAX_REDIRECTS} times`);
}

/** Refuses an address that is not the provider's: a file is fetched from within the network of the worker. */
function requireAllowed(url: URL, { apiUrl, hosts }: Allowed): void {
  const api = new URL(apiUrl);
  // A local JSON2Video, or a proxy in front of the real one, serves files from its own address.
  if (url.origin === api.origin && !PROVIDER.test(api.hostname)) return;
  const isKnown = HOSTS.some((host) => host.test(url.hostname)) || hosts.includes(url.hostname);
  if (isKnown && url.protocol === 'https:' && url.port === '' && url.username === '') return;
  throw new Error(
    `${url.protocol}//${url.host} is no file server of the provider, so nothing is fetched from there. If it is one, add its host to RENDERONCE_KEEP_HOSTS`,
  );
}

function fileOf({ statusCode, headers, body }: Dispatcher.ResponseData, { host }: URL): VideoFile {
  // A destroyed body reports an error, which nobody reads any more.
  body.on('error', () => undefined);
  const close = (): void => void body.destroy();
  const type = headers['content-type'];
  const refuse = (error: Error): never => {
    close();
    throw error;
  };
  if ([403, 404, 410].includes(statusCode)) {
    return refuse(new FileGone(`${host} has no such file: HTTP ${statusCode}`));
  }
  if (statusCode !== 200) return refuse(new Error(`${host} answers HTTP ${statusCode}`));
  if (/^text\/html\b/i.test(String(type))) {
    return refuse(new Error(`${host} answers with a page (text/html) and not with a video`));
  }
  if (!['', 'identity'].includes(String(headers['content-encoding'] ?? ''))) {
    return refuse(new Error(`${host} compresses the file, so its size cannot be checked`));
  }
  const length = headers['content-length'];
  if (typeof length !== 'string' || !/^\d{1,15}$/.test(length)) {
    return refuse(new Error(`${host} does not say how long the file is`));
  }
  return { sizeBytes: Number(length), body, close };
}

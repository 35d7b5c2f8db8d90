import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';

/** A file that pages refer to. It is served by this server only, also the library htmx. */
interface Asset {
  readonly type: string;
  readonly bytes: Buffer;
  readonly zipped: Buffer;
  readonly version: string;
}

const FOLDER = new URL('../../assets/console/', import.meta.url);
const VERSION_CHARACTERS = 12;
const HTMX = 'htmx.org/dist/htmx.min.js';
/** A version of a file never changes. */
const LASTING = 'public, max-age=31536000, immutable';

const FILES = {
  'console.css': ['text/css; charset=utf-8', new URL('console.css', FOLDER)],
  'console.js': ['text/javascript; charset=utf-8', new URL('console.js', FOLDER)],
  'icon.svg': ['image/svg+xml', new URL('icon.svg', FOLDER)],
  'htmx.js': ['text/javascript; charset=utf-8', HTMX],
} as const;

type AssetName = keyof typeof FILES;

const assets = new Map<AssetName, Asset>();

function assetOf(name: AssetName): Asset {
  const known = assets.get(name);
  if (known !== undefined) return known;
  const [type, url] = FILES[name];
  const path = url === HTMX ? createRequire(import.meta.url).resolve(HTMX) : url;
  const bytes = readFileSync(path);
  const version = createHash('sha256').update(bytes).digest('base64url').slice(0, VERSION_CHARACTERS);
  const asset = { type, bytes, zipped: gzipSync(bytes, { level: 9 }), version };
  assets.set(name, asset);
  return asset;
}

/** Returns the address of a file, which changes with its content. */
export function assetUrl(name: AssetName): string {
  return `/assets/${name}?v=${assetOf(name).version}`;
}

/** Adds the routes of the files. */
export function addAssets(app: FastifyInstance): void {
  for (const name of ['console.css', 'console.js', 'icon.svg', 'htmx.js'] as const) {
    app.get(`/assets/${name}`, { config: { needs: 'nothing' } }, (request, reply) => {
      const { type, bytes, zipped } = assetOf(name);
      void reply.headers({ 'content-type': type, 'cache-control': LASTING, vary: 'accept-encoding' });
      if (!String(request.headers['accept-encoding']).includes('gzip')) return reply.send(bytes);
      return reply.header('content-encoding', 'gzip').send(zipped);
    });
  }
}

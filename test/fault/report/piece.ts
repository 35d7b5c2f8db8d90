import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { PROMISES, type PromiseId } from './promises.js';

/** `proof/` of the project. */
export const PROOF = fileURLToPath(new URL('../../../proof/', import.meta.url));
const PIECES = `${PROOF}pieces/`;

const ids = Object.keys(PROMISES) as [PromiseId, ...PromiseId[]];
const counts = z.record(z.string(), z.number());

const machine = z.object({
  cores: z.number(),
  cpu: z.string(),
  memoryGb: z.number(),
  node: z.string(),
  os: z.string(),
});

const piece = z.object({
  seed: z.number(),
  version: z.object({ package: z.string(), commit: z.string() }),
  machine: z.union([machine, z.literal('unknown')]),
  /** A time, or a day if no more is known. */
  startedAt: z.string(),
  minutes: z.number(),
  cells: z.number(),
  keys: z.number(),
  /** Keys for which at least one POST was accepted. */
  paidKeys: z.number(),
  acceptedPosts: z.number(),
  inDoubt: z.number(),
  held: z.number(),
  promises: z.partialRecord(
    z.enum(ids),
    z.object({ trials: z.number(), violations: z.number(), faults: counts }),
  ),
  failedCells: z.array(z.string()),
  /** From the fault to the answer: of how many keys, and equally many of them in each step of the sorted times. */
  timesToKnown: z.object({ keys: z.number(), ms: z.array(z.number()) }),
  /** The naive client: how many keys it met, and its line in the plot, as keys paid for and accepted POSTs. */
  naive: z.object({ keys: z.number(), line: z.array(z.tuple([z.number(), z.number()])) }),
});

/** One run of random cells, in the shape in which it is kept. */
export type Piece = z.output<typeof piece>;
export type Machine = z.output<typeof machine>;

/** Returns the name of a piece's file, without its ending. */
export function nameOfPiece({ startedAt, seed }: Pick<Piece, 'startedAt' | 'seed'>): string {
  return `${startedAt.slice(0, 10)}-${seed}`;
}

/** Returns the times of a piece from the fault to the answer, each with the number of keys that it stands for. */
export function timesOf({
  timesToKnown: { keys, ms },
}: Piece): { readonly ms: number; readonly keys: number }[] {
  return ms.map((each) => ({ ms: each, keys: keys / ms.length }));
}

/** Reads all pieces of a folder, in the order of their begin. */
export function readPieces(folder = PIECES): readonly Piece[] {
  mkdirSync(folder, { recursive: true });
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => readPiece(`${folder}${name}`))
    .toSorted((a, b) => a.startedAt.localeCompare(b.startedAt));
}

function readPiece(path: string): Piece {
  const read = piece.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (read.success) return read.data;
  throw new Error(`${path} is no piece of a proof: ${z.prettifyError(read.error)}`);
}

/** Writes a piece, so that its file is whole at every moment. */
export function writePiece(written: Piece, folder = PIECES): void {
  const path = `${folder}${nameOfPiece(written)}.json`;
  writeFileSync(`${path}.part`, `${JSON.stringify(written, null, 2)}\n`);
  renameSync(`${path}.part`, path);
}

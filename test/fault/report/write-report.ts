import { writeFile } from 'node:fs/promises';
import { markdownOf } from './markdown.js';
import { type Piece, PROOF, timesOf } from './piece.js';
import { type PaidPoint, plotPaid, plotTimes } from './plots.js';

/** Writes `proof/report.md` and its plots from all pieces. */
export async function writeReport(pieces: readonly Piece[]): Promise<void> {
  const files = {
    'paid.svg': plotPaid(paidLines(pieces)),
    'time-to-known.svg': plotTimes(pieces.flatMap(timesOf)),
    'report.md': markdownOf(pieces),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(`${PROOF}${name}`, text);
}

/** Each piece goes on where the one before has ended. */
function paidLines(pieces: readonly Piece[]): readonly (readonly PaidPoint[])[] {
  const ours = pieces.map(({ paidKeys, acceptedPosts }) => [[paidKeys, acceptedPosts] as const]);
  return [
    lineOf('renderonce', ours),
    lineOf(
      'naive client',
      pieces.map(({ naive }) => naive.line),
    ),
  ];
}

function lineOf(
  client: string,
  pieces: readonly (readonly (readonly [keys: number, posts: number])[])[],
): readonly PaidPoint[] {
  const points: PaidPoint[] = [{ keys: 0, posts: 0, client }];
  for (const line of pieces) {
    const from = points.at(-1) ?? { keys: 0, posts: 0 };
    for (const [keys, posts] of line)
      points.push({ keys: from.keys + keys, posts: from.posts + posts, client });
  }
  return points;
}

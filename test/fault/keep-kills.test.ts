import { expect, test } from 'vitest';
import { type Plant, plantDist } from '../support/planted-dist.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { playKeepKills } from './keep-kills.js';
import { KEEP_POINTS, type KeepPoint } from './keep-points.js';

expectNoProcessLeft();

const quiet = { say: () => undefined };
/** A copy waits for the heartbeat timeout of the killed worker; all points do so at the same time. */
const PATIENCE_MS = 600_000;

const point = (store: KeepPoint['store'], name: string): KeepPoint => {
  const found = KEEP_POINTS.find((each) => each.store === store && each.name === name);
  if (found === undefined) throw new Error(`there is no point ${name}`);
  return found;
};

/** `npm run proof -- --keep-kills` plays all points; each needs two workers. */
const SAMPLE = [
  point('s3', 'after the store has done PUT part 3'),
  point('s3', 'before POST complete reaches the store'),
  point('s3', 'after the store has done POST complete'),
  point('folder', 'in the middle of the download'),
];

test.concurrent(
  'a worker that is killed while it keeps a video leaves nothing half: the video is kept whole, and its object is written once',
  async (context) => {
    const violations = await playKeepKills({ ...quiet, points: SAMPLE, keysOfEach: 2 });
    if (typeof violations === 'string') {
      if (process.env['CI'] !== undefined) throw new Error(violations);
      return context.skip(violations);
    }
    expect(violations).toEqual([]);
  },
  PATIENCE_MS,
);

const CONTROLS: readonly {
  readonly name: string;
  readonly plants: readonly Plant[];
  readonly point: KeepPoint;
  readonly shows: RegExp;
  readonly isTruncatedFirst?: boolean;
}[] = [
  {
    name: 'a copy is made without a look at the store, over what is there',
    plants: [
      {
        file: 'keep/keep-file.js',
        from: 'const before = await store.sizeOf(path);',
        to: 'const before = undefined;',
      },
      { file: 'keep/s3-store.js', from: ", IfNoneMatch: '*'", to: '' },
    ],
    point: point('s3', 'before PUT reaches the store'),
    shows: /written 2 times/,
  },
  {
    name: 'a file becomes visible before its boxes are checked',
    plants: [{ file: 'keep/keep-file.js', from: 'this.#boxes.end();', to: '' }],
    point: point('s3', 'before PUT reaches the store'),
    shows: /not whole|not kept/,
    isTruncatedFirst: true,
  },
  {
    name: 'a copy is written to its name at once',
    plants: [
      { file: 'keep/folder-store.js', from: "await open(part, 'wx')", to: "await open(file, 'w')" },
      { file: 'keep/folder-store.js', from: 'await giveName(part, file)', to: 'true' },
    ],
    point: point('folder', 'in the middle of the download'),
    shows: /not kept/,
  },
];

test.concurrent.each(CONTROLS)(
  'control: it is found that $name',
  async ({ plants, point: killed, shows, isTruncatedFirst }) => {
    const planted = await plantDist(plants);
    try {
      const terms = isTruncatedFirst === undefined ? {} : { isTruncatedFirst };
      const violations = await playKeepKills({ ...quiet, ...terms, points: [killed], dist: planted.dist });
      if (typeof violations === 'string' && process.env['CI'] === undefined) return;
      expect(violations).toEqual([expect.stringMatching(shows)]);
    } finally {
      await planted.remove();
    }
  },
  PATIENCE_MS,
);

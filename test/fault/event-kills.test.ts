import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Plant, type PlantedDist, plantDist } from '../support/planted-dist.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { playEventKills } from './event-kills.js';
import { EVENT_POINTS, type EventPoint } from './event-points.js';

expectNoProcessLeft();

const quiet = { say: () => undefined };
const PATIENCE_MS = 300_000;

/** The engine repeats the attempt of a killed worker after 5 s, and not after 30. */
const SOONER: Plant = {
  file: 'workflow-bundle.js',
  from: "startToCloseTimeout: '30s'",
  to: "startToCloseTimeout: '5s'",
};

let sound: PlantedDist;
beforeAll(async () => {
  sound = await plantDist([SOONER]);
});
afterAll(() => sound.remove());

const point = (name: string): EventPoint => {
  const found = EVENT_POINTS.find((each) => each.name === name);
  if (found === undefined) throw new Error(`there is no point ${name}`);
  return found;
};

/** `npm run proof -- --event-kills` plays all points, with the times of the product; cells of the proof have more keys. */
const SAMPLE = [
  'before the request reaches the receiver',
  'after the effect, before the reply',
  'after the engine has heard of it, before the workflow ends',
  'after an attempt in vain, before its heartbeat',
].map(point);

test.concurrent(
  'a worker that is killed while it sends an event: the event has one effect, and the lost attempt does not count',
  async () => {
    expect(await playEventKills({ ...quiet, points: SAMPLE, keysOfEach: 2, dist: sound.dist })).toEqual([]);
  },
  PATIENCE_MS,
);

const CONTROLS: readonly {
  readonly name: string;
  readonly plant: Plant;
  readonly point: EventPoint;
  readonly shows: RegExp;
}[] = [
  {
    name: 'each attempt has an ID of its own',
    plant: {
      file: 'events/body.js',
      from: 'JSON.stringify([namespace, ...subject, type])',
      to: 'JSON.stringify([namespace, ...subject, type, Date.now()])',
    },
    point: point('after the effect, before the reply'),
    shows: /2 effects/,
  },
  {
    name: 'an event counts as sent before its request',
    plant: {
      file: 'activities/send-event.js',
      from: 'const attempt = await events.attempt(event, to, namespace);',
      to:
        'if (before !== undefined) return { id, attempts: before };' +
        'context.heartbeat({ attempts: 1 }); await new Promise((resolve) => setTimeout(resolve, 500));' +
        'const attempt = await events.attempt(event, to, namespace);',
    },
    point: point('before the request reaches the receiver'),
    shows: /0 effects/,
  },
  {
    name: 'the engine counts the attempts, those that a worker never ended too',
    plant: {
      file: 'activities/send-event.js',
      from: "const made = typeof before === 'number' ? before : 0;",
      to: 'const made = activityInfo().attempt - 1;',
    },
    point: point('after an attempt in vain, before its heartbeat'),
    shows: /2 attempts are counted, and not 1/,
  },
  {
    name: 'an attempt is not counted',
    plant: {
      file: 'activities/send-event.js',
      from: 'context.heartbeat({ attempts: made + 1 });',
      to: '',
    },
    point: point('after an attempt in vain was counted'),
    shows: /1 attempts are counted, and not 2/,
  },
  {
    name: 'events are signed for another time than their header names',
    plant: {
      file: 'events/sender.js',
      from: "'webhook-timestamp': String(Math.floor(atMs / 1_000))",
      to: "'webhook-timestamp': String(Math.ceil(atMs / 1_000))",
    },
    point: point('after the effect, before the reply'),
    shows: /not signed/,
  },
];

test.concurrent.each(CONTROLS)(
  'control: it is found that $name',
  async ({ plant, point: killed, shows }) => {
    const planted = await plantDist([SOONER, plant]);
    try {
      const violations = await playEventKills({ ...quiet, points: [killed], dist: planted.dist });
      expect(violations.join('\n')).toMatch(shows);
    } finally {
      await planted.remove();
    }
  },
  PATIENCE_MS,
);

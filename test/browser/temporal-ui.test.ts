import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { detailsOf } from '../../src/render/details.js';
import { STATE_MEANINGS } from '../../src/render/state.js';
import { type Browser, CHROMIUM, startBrowser } from '../support/chromium.js';
import { HELD_WITHIN_MS } from '../support/doubt.js';
import { ATTACKS } from '../support/markdown-attacks.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { openStage, type Stage } from '../support/stage.js';
import { takePicture } from './pictures.js';
import { PATIENT, UiPage } from './ui-page.js';
import { KEYS, PROVIDER, standInEachState, SUMMARIES } from './ui-renders.js';

expectNoProcessLeft();

const isPossible = CHROMIUM !== undefined;
let stage: Stage;
let browser: Browser;
let ui: UiPage;
beforeAll(async () => {
  if (CHROMIUM === undefined) return;
  stage = await openStage({
    engine: 'memory',
    provider: PROVIDER,
    env: { RENDERONCE_TASK_QUEUE: 'renderonce' },
  });
  await stage.hostWorker();
  browser = await startBrowser(CHROMIUM);
  ui = await UiPage.open(browser, stage);
  await standInEachState(stage);
}, HELD_WITHIN_MS);
afterAll(async () => {
  ui?.page.close();
  // The stage goes also where the browser would not.
  await Promise.allSettled([browser?.close(), stage?.close()]);
});

/** What the details of each state say, beside its name, its meaning and the summary. */
const DETAILS = {
  waiting: [
    /What happened: .*credits/i,
    /What comes next: the next try, at .*waits for credits since .*Z, until/,
  ],
  rendering: [/What comes next: the end of the render, known by status checks; at the latest /],
  unknown: [
    /What happened: the connection broke/,
    /What comes next: look \d of 3 in the provider's list, at .*; nothing is sent before/,
    `What to do: nothing; the workflow settles it, and renderonce status ${KEYS.unknown} shows the story`,
  ],
  held: [
    'the movie did not turn up',
    "What comes next: a person's decision",
    `renderonce status ${KEYS.held}`,
    `renderonce resolve ${KEYS.held} --adopt PROJECT --why REASON`,
  ],
  failed: [
    "What happened: Scene #1 Element #1: The element type 'video' requires a 'src' property.",
    'What to do: correct the movie and render it under a new key',
  ],
  done: ['Open the video'],
} as const;

const ACCEPTED: readonly string[] = ['rendering', 'failed', 'done'];

describe.skipIf(!isPossible && process.env['CI'] === undefined)('the Temporal UI, in Chromium', () => {
  test('the list names every render by its key, and a query leaves those that need a person', async () => {
    await ui.showList();
    await expect
      .poll(() => ui.missing(...Object.values(KEYS), 'RenderProject', ...Object.keys(KEYS)), PATIENT)
      .toEqual([]);
    await takePicture(ui, 'list', 480);
    await ui.showList('RenderState="held"');
    await expect.poll(() => ui.missing(KEYS.held, KEYS.done), PATIENT).toEqual([KEYS.done]);
  });

  test.each(['waiting', 'rendering', 'unknown', 'held', 'failed', 'done'] as const)(
    'the page of a render that is %s tells movie, state, project, what happened and what comes next',
    async (state) => {
      const key = KEYS[state];
      const { project } = await stage.renders.status(key);
      const head = ACCEPTED.includes(state) ? `${state}, project ${project}` : state;
      await ui.showRender(key, 'user-metadata');
      await expect
        .poll(
          () =>
            ui.missing(
              `${key} · ${SUMMARIES[state]}`,
              head,
              STATE_MEANINGS[state],
              ...DETAILS[state],
              /Submissions: \d/,
            ),
          PATIENT,
        )
        .toEqual([]);
      await takePicture(ui, state);

      const ofProject = project === undefined ? [] : [`"RenderProject": "${project}"`];
      await ui.click('search-attributes-tab');
      await expect.poll(() => ui.missing(`"RenderState": "${state}"`, ...ofProject), PATIENT).toEqual([]);
    },
  );

  test('the video of a finished render is one click away', async () => {
    await ui.showRender(KEYS.done, 'user-metadata');
    await expect.poll(() => ui.missing('Open the video'), PATIENT).toEqual([]);
    const video = await stage.renders.result(KEYS.done);
    expect(await ui.links()).toEqual([['Open the video', video.url]]);
  });

  test("the attempts of a status check carry the provider's progress, and no stack trace", async () => {
    await ui.showRender(KEYS.rendering, 'pending-activities');
    await expect
      .poll(
        () => ui.missing('checkMovie', /\d+\s*\/\s*UNLIMITED/, /"message": "running \d+ %: Rendering movie"/),
        PATIENT,
      )
      .toEqual([]);
    expect(await ui.text()).not.toMatch(/stackTrace|\bat .*\.js:\d/);
    await takePicture(ui, 'attempts', 600);
  });

  test('the timeline of a held render tells in sentences what was done', async () => {
    await ui.showRender(KEYS.held, 'timeline');
    await expect.poll(() => ui.missing('Send the movie to the provider, submission 1'), PATIENT).toEqual([]);
    for (const number of [1, 2, 3]) {
      await expect
        .poll(
          () =>
            ui.missing(
              `Wait until look ${number} of 3 in the provider's list`,
              `Look for the movie in the provider's list, ${number} of 3`,
            ),
          PATIENT,
        )
        .toEqual([]);
    }
    await expect
      .poll(() => ui.missing("Look for the movie in the provider's list, until it is there"), PATIENT)
      .toEqual([]);
    await takePicture(ui, 'timeline', 1000);
  });

  test('what the provider says stays text: no link, no picture, no heading, and nothing is lost', async () => {
    const message = ATTACKS.join(' and ');
    await ui.showMarkdown(detailsOf({ key: 'order-1', state: 'waiting', attempts: 1, message }));
    await expect.poll(() => ui.missing(...ATTACKS), PATIENT).toEqual([]);
    expect(await ui.markup()).toEqual(['strong', 'strong', 'strong']);

    await ui.showMarkdown(message);
    await expect.poll(() => ui.markup(), PATIENT).toEqual(expect.arrayContaining(['a', 'img', 'code']));
  });
});

import type { Bug } from './control.js';
import { LAST_MONTH, LONG_LIST, LOST_REPLY, SLOW_ACCEPTANCE } from './http-scenarios.js';
import { KILLED_WHILE_SENDING, STARTED_AGAIN } from './process-scenarios.js';
import { CANCEL_WHILE_SENDING, LATE_LIST, UNLISTED } from './scripted-scenarios.js';

/** Bugs that pay twice, or tell of a paid movie that there is none. Those on real processes are first: they take longest. */
export const BUGS_OF_SUBMITTING: readonly Bug[] = [
  {
    name: 'no heartbeat goes before the bytes',
    plants: [
      {
        file: 'activities/submit-movie.js',
        from: 'await context.client.withDeadline(Date.now() + this.#budget.engineCallMs, () => context.client.activity.heartbeat(taskToken, this.#details));',
        to: '',
      },
    ],
    scenario: KILLED_WHILE_SENDING,
    breaks: 'safety',
    shows: /paid 2 times/,
  },
  {
    name: 'the reuse policy is ALLOW_DUPLICATE',
    plants: [{ file: 'starter/start-terms.js', from: "'REJECT_DUPLICATE'", to: "'ALLOW_DUPLICATE'" }],
    scenario: STARTED_AGAIN,
    breaks: 'safety',
    shows: /paid 2 times/,
  },
  {
    name: 'the HTTP client repeats a POST whose connection broke',
    plants: [
      {
        file: 'json2video/post-movie.js',
        from: 'return await handler.evidence;',
        to: `const evidence = await handler.evidence;
        if (evidence.from === 'connection' && evidence.bytesMayHaveLeft) return await postMovie(request);
        return evidence;`,
      },
    ],
    scenario: LOST_REPLY,
    breaks: 'safety',
    shows: /paid 2 times/,
  },
  {
    name: 'nothing is looked up after an unknown submission',
    plants: [
      {
        file: 'workflows/submit.js',
        from: 'const settled = await settleDoubt(this.#render, doubt);',
        to: "const settled = { end: 'absent', looked: { runId: '', at: '', isProven: true } };",
      },
    ],
    scenario: LOST_REPLY,
    breaks: 'safety',
    shows: /paid 2 times/,
  },
  {
    name: "a look reads the list's first page only",
    plants: [
      {
        file: 'json2video/list-movies.js',
        from: 'if (isLast)',
        to: 'if (true)',
      },
    ],
    scenario: LONG_LIST,
    breaks: 'safety',
    shows: /paid 2 times/,
  },
  {
    name: 'a look asks for no date_start',
    plants: [
      { file: 'json2video/list-movies.js', from: 'checkWindow(page, days);', to: '' },
      {
        file: 'json2video/list-movies.js',
        from: 'new URLSearchParams({ date_start: dateOf(days.start) });',
        to: 'new URLSearchParams();',
      },
    ],
    scenario: LAST_MONTH,
    breaks: 'safety',
    shows: /paid 2 times/,
  },
  {
    name: 'the settle window is 0',
    plants: [
      {
        file: 'workflows/submit.js',
        from: 'latestPostEndMs + this.#render.options.settleSeconds * 1_000',
        to: 'latestPostEndMs',
      },
    ],
    scenario: LATE_LIST,
    breaks: 'safety',
    shows: /paid 2 times/,
  },
  {
    name: "the settle window is counted from the attempt's end, not from its latest possible end",
    plants: [
      {
        file: 'workflows/submit.js',
        from: 'latestPostEndMs + this.#render.options.settleSeconds * 1_000',
        to: 'Date.now() + this.#render.options.settleSeconds * 1_000',
      },
    ],
    scenario: LATE_LIST,
    breaks: 'safety',
    shows: /paid 2 times/,
  },
  {
    name: 'handlers are set after the first await',
    plants: [
      {
        file: 'workflows/render-movie.js',
        from: 'setHandler(submitUpdate, ',
        to: 'const setHandlers = () => { setHandler(submitUpdate, ',
      },
      {
        file: 'workflows/render-movie.js',
        from: 'setHandler(renderWebhook, (hint) => hints.receive(hint));',
        to: 'setHandler(renderWebhook, (hint) => hints.receive(hint)); };',
      },
      {
        file: 'workflows/render-movie.js',
        from: 'end = fault ?? (await submit(render));',
        to: 'end = fault ?? (await submit(render)); setHandlers();',
      },
    ],
    scenario: UNLISTED,
    breaks: 'safety',
    shows: /paid 2 times/,
  },
  {
    name: 'a cancel ends the waiting of update handlers',
    plants: [
      {
        file: 'workflows/render-movie.js',
        from: 'setHandler(submitUpdate, () => CancellationScope.nonCancellable(',
        to: 'setHandler(submitUpdate, () => CancellationScope.cancellable(',
      },
    ],
    scenario: CANCEL_WHILE_SENDING,
    breaks: 'agreement',
    shows: /told nothing .*cancelled/i,
  },
  {
    name: 'the receiver takes the project for the key',
    plants: [
      {
        file: 'receiver/delivery.js',
        from: 'workflowExecution: { workflowId: key },',
        to: 'workflowExecution: { workflowId: claim.project },',
      },
    ],
    scenario: UNLISTED,
    breaks: 'safety',
    shows: /paid 2 times/,
  },
  {
    name: "the submit activity's time is shorter than that of its POST",
    plants: [
      {
        file: 'render/submit-budget.js',
        from: 'latestReplyMs: startToCloseMs - marginMs / 2,',
        to: 'latestReplyMs: 600_000,',
      },
    ],
    scenario: SLOW_ACCEPTANCE,
    breaks: 'safety',
    shows: /paid 2 times/,
  },
];

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classifySubmission, type SubmissionEvidence } from '../../src/render/submission.js';
import { AT, CREDIT_MESSAGES, HTML, KEY_MESSAGES, MOVIE_MESSAGES, PROJECT } from './submission-replies.js';

type Reply = Extract<SubmissionEvidence, { from: 'reply' }>;
type Classify = typeof classifySubmission;

const KNOWN_REFUSALS = [...CREDIT_MESSAGES, ...KEY_MESSAGES];

const apiBodies = fc
  .record(
    {
      success: fc.boolean(),
      project: fc.oneof(fc.constant(PROJECT), fc.string(), fc.jsonValue()),
      message: fc.oneof(fc.constantFrom(...KNOWN_REFUSALS, ...MOVIE_MESSAGES), fc.string()),
      error: fc.string(),
    },
    { requiredKeys: [] },
  )
  .map((body) => JSON.stringify(body));

const replies: fc.Arbitrary<Reply> = fc
  .record({
    status: fc.oneof(
      fc.constantFrom(200, 302, 400, 401, 403, 408, 413, 429, 500, 503),
      fc.integer({ min: 100, max: 599 }),
    ),
    body: fc.oneof(apiBodies, fc.json(), fc.string(), fc.constantFrom('', HTML)),
    complete: fc.boolean(),
    wait: fc.option(fc.nat(), { nil: undefined }),
  })
  .map(({ wait, ...reply }) => ({
    from: 'reply',
    ...reply,
    at: AT,
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  }));

function objectIn({ body, complete }: Reply): Record<string, unknown> | undefined {
  try {
    const value: unknown = complete ? JSON.parse(body) : undefined;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

const is2xx = ({ status }: Reply): boolean => status >= 200 && status < 300;
const is4xx = ({ status }: Reply): boolean => status >= 400 && status < 500;

/** Rules that no reply may break; the words say what a broken one costs. */
const RULES: Readonly<Record<string, (reply: Reply, classify: Classify) => boolean>> = {
  'accepted exactly with 2xx and a project in a whole JSON object': (reply, classify) => {
    const submission = classify(reply);
    const project = is2xx(reply) ? objectIn(reply)?.['project'] : undefined;
    const isNamed = typeof project === 'string' && project !== '' && project.length <= 64;
    return submission.end === 'accepted' ? submission.project === project && isNamed : !isNamed;
  },
  'rejected only with 4xx, and never with 408 or 429': (reply, classify) =>
    classify(reply).end !== 'rejected' || (is4xx(reply) && reply.status !== 408 && reply.status !== 429),
  'refused only with 4xx but 408, or with a known refusal in 2xx': (reply, classify) => {
    const submission = classify(reply);
    if (submission.end !== 'refused' || (is4xx(reply) && reply.status !== 408)) return true;
    const body = objectIn(reply);
    const text = [body?.['message'], body?.['error']].join(' ');
    return (
      is2xx(reply) && body?.['success'] === false && /credit|quota|suspended|key|permission|token/i.test(text)
    );
  },
  'unknown always with 408, and with every status that is neither 2xx nor 4xx': (reply, classify) =>
    is2xx(reply) || (is4xx(reply) && reply.status !== 408) || classify(reply).end === 'unknown',
  'a cut-off reply settles only what its status settles': (reply, classify) =>
    classify({ ...reply, complete: false }).end === classify({ ...reply, complete: false, body: '' }).end,
  'every end but accepted carries its status and one short line of text': (reply, classify) => {
    const submission = classify(reply);
    if (submission.end === 'accepted') return true;
    const isShort = submission.message !== '' && Array.from(submission.message).length <= 300;
    return submission.httpStatus === reply.status && isShort && !/\p{Cc}/u.test(submission.message);
  },
};

const check = (rule: (reply: Reply, classify: Classify) => boolean, classify: Classify) =>
  fc.check(
    fc.property(replies, (reply) => rule(reply, classify)),
    { numRuns: 2_000 },
  );

describe('over arbitrary replies', () => {
  test.each(Object.entries(RULES))('%s', (_, rule) => {
    expect(check(rule, classifySubmission)).toMatchObject({ failed: false });
  });

  const planted: readonly [keyof typeof RULES, string, Classify][] = [
    [
      'accepted exactly with 2xx and a project in a whole JSON object',
      'that takes a project from any status',
      (evidence) =>
        evidence.from === 'reply' && evidence.body.includes(PROJECT)
          ? { end: 'accepted', project: PROJECT, submittedAt: AT }
          : classifySubmission(evidence),
    ],
    [
      'rejected only with 4xx, and never with 408 or 429',
      'that rejects a redirect',
      (evidence) =>
        evidence.from === 'reply' && evidence.status === 302
          ? { end: 'rejected', message: 'moved', httpStatus: 302 }
          : classifySubmission(evidence),
    ],
    [
      'refused only with 4xx but 408, or with a known refusal in 2xx',
      'that believes that a 5xx created nothing',
      (evidence) =>
        evidence.from === 'reply' && evidence.status >= 500
          ? { end: 'refused', waitingFor: 'better times', message: 'down', httpStatus: evidence.status }
          : classifySubmission(evidence),
    ],
    [
      'unknown always with 408, and with every status that is neither 2xx nor 4xx',
      'that refuses a 408',
      (evidence) =>
        evidence.from === 'reply' && evidence.status === 408
          ? { end: 'refused', waitingFor: 'better times', message: 'slow', httpStatus: 408 }
          : classifySubmission(evidence),
    ],
    [
      'a cut-off reply settles only what its status settles',
      'that reads half a reply',
      (evidence) =>
        classifySubmission(evidence.from === 'reply' ? { ...evidence, complete: true } : evidence),
    ],
    [
      'every end but accepted carries its status and one short line of text',
      'that throws on HTML',
      (evidence) => {
        if (evidence.from === 'reply' && evidence.body === HTML) throw new SyntaxError('Unexpected token <');
        return classifySubmission(evidence);
      },
    ],
  ];
  test.each(planted)('"%s" catches a table %s', (name, _, classify) => {
    const rule = RULES[name];
    expect(rule && check(rule, classify)).toMatchObject({ failed: true });
  });
});

import { ApplicationFailure } from '@temporalio/workflow';
import type { Decision } from '../render/decision.js';
import type { SubmitAnswer } from '../render/outcome.js';
import { FAILURES, type FailureDetails } from './messages.js';
import type { SubmissionEnd } from './ends.js';

type Identity = Pick<FailureDetails, 'key' | 'fingerprint' | 'caller'>;
type Unaccepted = Exclude<SubmissionEnd, { end: 'accepted' }>;

/** Returns the answer of update `submit` at the end of the submission; throws the failure if nothing was accepted. */
export function answerOf(
  identity: Identity,
  end: SubmissionEnd | undefined,
  decisions: readonly Decision[] = [],
): SubmitAnswer {
  if (end === undefined) throw failureOf(identity, { end: 'cancelled', message: 'the run ended early' });
  if (end.end !== 'accepted') throw failureOf(identity, end, decisions);
  return { ...identity, project: end.project, submittedAt: end.submittedAt };
}

/** Returns the failure with which update and workflow end if nothing was accepted. */
export function failureOf(
  identity: Identity,
  end: Unaccepted,
  decisions: readonly Decision[] = [],
): ApplicationFailure {
  const details: FailureDetails = {
    ...identity,
    message: end.message,
    ...('httpStatus' in end && end.httpStatus !== undefined ? { httpStatus: end.httpStatus } : {}),
    ...('project' in end ? { project: end.project } : {}),
    ...(decisions.length === 0 ? {} : { decisions }),
  };
  return ApplicationFailure.create({
    type: FAILURES[end.end],
    message: end.message,
    nonRetryable: true,
    details: [details],
  });
}

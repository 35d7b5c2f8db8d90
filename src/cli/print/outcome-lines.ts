import { UnfinishedRender } from '../../render/errors.js';
import type { Outcome } from '../../render/outcome.js';
import { EXIT } from '../exit-code.js';
import type { Output } from './output.js';

/** Prints the outcome that the work waits for; one without a video is printed as an outcome too, and exits 1. */
export async function printOutcome(
  output: Output,
  work: () => Promise<Outcome>,
  more: object = {},
): Promise<number> {
  const outcome = await work().catch((error: unknown) => {
    if (error instanceof UnfinishedRender && error.outcome !== undefined) return error.outcome;
    throw error;
  });
  output.result({ ...outcome, ...more }, outcomeLines(outcome));
  return outcome.status === 'done' ? 0 : EXIT.outcome;
}

/** An outcome for a person. */
function outcomeLines(outcome: Outcome): string[] {
  const head = `${outcome.key}: ${outcome.status}, project ${outcome.project}`;
  if (outcome.status !== 'done') return [head, `  ${outcome.message}`];
  const facts = [
    outcome.durationSeconds === null ? '' : `${outcome.durationSeconds} s`,
    outcome.width === null ? '' : `${outcome.width}x${outcome.height}`,
    outcome.sizeBytes === null ? '' : `${outcome.sizeBytes} bytes`,
  ].filter((fact) => fact !== '');
  return [
    head,
    `  ${outcome.url}`,
    `  ${facts.join(', ')}${outcome.expiresAt === null ? '' : `; the file is deleted at ${outcome.expiresAt}`}`,
  ];
}

import type { Renders } from '../../starter.js';
import type { RenderStatus } from '../../starter/status.js';
import type { Output } from './output.js';

/** How often the status is looked at while a command waits; it costs the engine two reads. */
const LOOK_MS = 2_000;

/** Without a change a line is said this often, so that a person sees that the command lives. */
const SAY_MS = 30_000;

/** Says where a render stands, while the work waits for it. */
export async function withProgress<T>(
  renders: Renders,
  key: string,
  output: Output,
  work: Promise<T>,
): Promise<T> {
  const startedMs = Date.now();
  let said = '';
  let saidAtMs = startedMs;
  const look = async (): Promise<void> => {
    const line = statusLine(await renders.status(key));
    if (line === said && Date.now() - saidAtMs < SAY_MS) return;
    said = line;
    saidAtMs = Date.now();
    output.note(`${secondsText(saidAtMs - startedMs)}  ${line}`);
  };
  // A look that fails tells nothing; the work itself says what is wrong.
  const timer = setInterval(() => void look().catch(() => undefined), LOOK_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}

/** Where a render stands, in one line. */
export function statusLine({ state, project, providerStatus, message }: RenderStatus): string {
  const details = [
    project === undefined ? '' : `project ${project}`,
    providerStatus === undefined ? '' : `the provider: ${providerStatus}`,
    message ?? '',
  ];
  return [state, ...details.filter((detail) => detail !== '')].join('; ');
}

/** Elapsed time for a person, aligned for lines under each other. */
export function secondsText(ms: number): string {
  return `${String(Math.round(ms / 1_000)).padStart(4)} s`;
}

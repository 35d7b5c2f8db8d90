import type { AuditReport } from '../../src/audit/index.js';
import { callCommand } from './call-command.js';
import type { Ran } from './processes.js';
import type { Stage } from './stage.js';

const DAY_MS = 86_400_000;
const POSTS_AT_ONCE = 16;

/** Lets the provider accept movies that no render of the stage asked for. */
export async function postMovies({ fake }: Stage, movies: readonly object[]): Promise<string[]> {
  const projects: string[] = [];
  const rest = movies.values();
  const postAll = async (): Promise<void> => {
    for (const movie of rest) {
      const reply = await fetch(`${fake.url}/v2/movies`, {
        method: 'POST',
        headers: { 'x-api-key': fake.apiKey, 'content-type': 'application/json' },
        body: JSON.stringify(movie),
      });
      projects.push(((await reply.json()) as { project: string }).project);
    }
  };
  await Promise.all(Array.from({ length: POSTS_AT_ONCE }, postAll));
  return projects;
}

/** Around today far enough for a provider whose clock runs fast. */
const PERIOD = ['--since', dayFromNow(-1), '--until', dayFromNow(7)];

function dayFromNow(days: number): string {
  return new Date(Date.now() + days * DAY_MS).toISOString();
}

/** `renderonce audit` as a process. */
export function runAudit({ env }: Stage, ...args: readonly string[]): Promise<Ran> {
  return callCommand(['audit', ...PERIOD, ...args], env);
}

export interface Audited {
  readonly code: Ran['code'];
  readonly report: AuditReport;
}

/** The same with `--json`. */
export async function auditOf(stage: Stage, ...args: readonly string[]): Promise<Audited> {
  const { code, stdout } = await runAudit(stage, '--json', ...args);
  return { code, report: JSON.parse(stdout) as AuditReport };
}

import type { Client } from '@temporalio/client';
import type { Command } from 'commander';
import { type Adopt, audit, type AuditReport, createJson2Video, hasFindings } from '../../audit/index.js';
import { type Config } from '../../config.js';
import { requireApiKey } from '../required.js';
import { EngineNotSetUp } from '../../render/errors.js';
import { findUnreported } from '../../starter/unreported.js';
import { Renders } from '../../starter.js';
import { budgetLedgerOf } from '../../starter/budget-ledger.js';
import { readEngineSetup } from '../../temporal/namespace.js';
import { type CommonOptions, EXIT, newCommand, run, timeFrom } from '../command.js';
import { withClient } from '../connect.js';
import { userName } from '../local/user.js';
import { auditLines } from '../print/audit-lines.js';
import type { Output } from '../print/output.js';

interface AuditOptions extends CommonOptions {
  readonly since: Date;
  readonly until?: Date;
  readonly adopt?: boolean;
  readonly settle?: boolean;
  readonly by?: string;
  readonly allowUnmarked?: boolean;
}

/** Creates `renderonce audit`, which compares the provider's list with the renders. */
export function auditCommand(): Command {
  return newCommand('audit', [
    'audit --since 2026-11-01',
    'audit --since 2026-11-23T22:00:00Z --until 2026-11-24T06:00:00Z --json',
    'audit --since 2026-11-23 --adopt --by "night shift"',
    'audit --since 2026-11-23 --settle',
  ])
    .requiredOption('--since <time>', 'movies accepted at this ISO time or later', timeFrom)
    .option('--until <time>', 'movies accepted at this ISO time or earlier (default: now)', timeFrom)
    .option('--adopt', 'give a movie that no render knows to its key, if that is held or unknown')
    .option('--settle', 'settle the credits that budgets hold in doubt, as far as the list proves them')
    .option('--by <name>', 'who decides this, for the record (default: the name of this user)')
    .option('--allow-unmarked', 'do not report movies without our mark: other programs use this account too')
    .action((options: AuditOptions) =>
      run(options, (output) => withClient((client, config) => runAudit(client, config, options, output))),
    );
}

async function runAudit(
  client: Client,
  config: Config,
  options: AuditOptions,
  output: Output,
): Promise<number> {
  const { since, until = new Date(), adopt, settle, by = userName(), allowUnmarked = false } = options;
  const renders = new Renders({ client, taskQueue: config.taskQueue });
  const json2video = createJson2Video({
    url: config.json2videoUrl,
    apiKey: requireApiKey(config),
    now: Date.now,
  });
  try {
    const report: AuditReport = await audit({
      json2video,
      renders,
      ...(await keyMemory(client)),
      since,
      until,
      now: Date.now,
      adopt: adopt === true ? adopting(renders, by) : undefined,
      budgets: settle === true ? budgetLedgerOf(client) : undefined,
      onRead: (movies) => showProgress(`${movies} movies read`),
    });
    const told = await withUnreported(client, config, report);
    output.result(told, auditLines(told));
    return hasFindings(told, { allowUnmarked }) ? EXIT.outcome : 0;
  } finally {
    await json2video.close();
  }
}

/** Adds the renders of whose end nobody was told, if this process knows a destination. */
async function withUnreported(client: Client, { events }: Config, report: AuditReport): Promise<AuditReport> {
  const isTold =
    events.url !== undefined || events.destinations !== undefined || events.notifyHosts.length > 0;
  if (!isTold) return report;
  const unreported = await findUnreported(client, new Date(report.since), new Date(report.until));
  return { ...report, unreported };
}

async function keyMemory(
  client: Client,
): Promise<{ readonly namespace: string; readonly retentionDays: number }> {
  const { namespace, retentionDays } = await readEngineSetup(client);
  if (retentionDays !== undefined) return { namespace, retentionDays };
  throw new EngineNotSetUp(`the engine has no namespace ${namespace}`);
}

function adopting(renders: Renders, by: string): Adopt {
  return async (key, project) => {
    await renders.resolve(key, { adopt: project }, { by, why: 'found by renderonce audit' });
  };
}

/** Writes a line for a person who waits at a terminal; the next line of output replaces it. */
function showProgress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\u001b[K${line}\r`);
}

import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { ATTRIBUTES, WORKFLOWS } from '../workflows/messages.js';

/** A render that this engine recorded as accepted. */
export interface AcceptedRun {
  readonly key: string;
  readonly project: string;
  readonly startedAtMs: number;
}

/** A run of one key. */
export interface IndexedRun {
  readonly runId: string;
  readonly startedAtMs: number;
  /** The account that may hold what it sent, or that holds its project. */
  readonly account?: string;
  /** True if a person or a timeout ended it: it could not say what it had sent. */
  readonly endedFromOutside: boolean;
}

/** The engine's index of renders. It lags behind the engine by up to some seconds. */
export interface RenderIndex {
  /** Returns the newest renders that an account accepted since a time. */
  acceptedBy(account: string, sinceMs: number): Promise<readonly AcceptedRun[]>;
  /** Returns the runs of a key, open and closed. */
  runsOf(key: string): Promise<readonly IndexedRun[]>;
}

/** Enough of them: one that the provider's list shows is a witness. */
const MOST_ACCEPTED = 20;

/** Reads the index of a client's engine; each call obeys the deadline of the client. */
export function renderIndexOf(client: Client): RenderIndex {
  return {
    acceptedBy: async (account, sinceMs) => {
      const since = new Date(sinceMs).toISOString();
      const query = `WorkflowType="${WORKFLOWS.render}" AND RenderAccount=${quoted(account)} AND RenderProject IS NOT NULL AND StartTime>="${since}"`;
      const accepted: AcceptedRun[] = [];
      for await (const run of client.workflow.list({ query, pageSize: MOST_ACCEPTED })) {
        const project = run.typedSearchAttributes.get(ATTRIBUTES.project);
        if (project === undefined) continue;
        accepted.push({ key: run.workflowId, project, startedAtMs: run.startTime.getTime() });
        if (accepted.length === MOST_ACCEPTED) break;
      }
      return accepted;
    },
    runsOf: async (key) => {
      const prefix = searchable(key);
      const query = prefix === key ? `WorkflowId=${quoted(key)}` : `WorkflowId STARTS_WITH ${quoted(prefix)}`;
      const runs: IndexedRun[] = [];
      for await (const run of client.workflow.list({ query })) {
        if (run.workflowId === key) runs.push(indexed(run));
      }
      return runs;
    },
  };
}

function indexed(run: WorkflowExecutionInfo): IndexedRun {
  const account = run.typedSearchAttributes.get(ATTRIBUTES.account);
  return {
    runId: run.runId,
    startedAtMs: run.startTime.getTime(),
    ...(account === undefined ? {} : { account }),
    endedFromOutside: run.status.name === 'TERMINATED' || run.status.name === 'TIMED_OUT',
  };
}

/** Cuts a prefix before its first quote or backslash: the index matches none of them, escaped or not (Server 1.32). */
export function searchable(prefix: string): string {
  return prefix.split(/["'\\]/, 1)[0] ?? '';
}

/** Quotes text from outside, so that it cannot become part of the query. */
export function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

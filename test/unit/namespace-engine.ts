import type { Client } from '@temporalio/client';
import { NamespaceNotFoundError } from '@temporalio/common';

const DAY_S = 86_400;

/** An error as gRPC's client throws it. */
export const grpcError = (code: number, details: string): Error =>
  Object.assign(new Error(`${code} ${details}`), { code, details, metadata: {} });

/** INDEXED_VALUE_TYPE_KEYWORD and _INT of the engine's API. */
export const KEYWORD = 2;
const INT = 3;

/** The search attributes of renders, with their types. */
export const COMPLETE = {
  RenderState: KEYWORD,
  RenderProject: KEYWORD,
  RenderAccount: KEYWORD,
  RenderKept: KEYWORD,
  RenderBudget: KEYWORD,
  RenderCredits: INT,
};

export interface Held {
  /** Undefined if there is no namespace. */
  days?: number | undefined;
  attributes: Record<string, number>;
}

/** An engine with one namespace, that shows a change after so many reads. */
export class NamespaceEngine {
  readonly calls: string[] = [];
  readonly #held: Held;
  #shown: Held;
  readonly #lag: number;
  #reads = 0;
  /** Runs before each call, with its name. */
  before: (call: string) => void = () => undefined;

  constructor(held: Held, lag = 0) {
    this.#held = held;
    this.#shown = structuredClone(held);
    this.#lag = lag;
  }

  get client(): Client {
    const call = (name: string): void => {
      this.calls.push(name);
      this.before(name);
    };
    const secondsOf = ({ seconds }: { seconds: unknown }): number => Number(seconds) / DAY_S;
    return {
      options: { namespace: 'videos' },
      withDeadline: (_deadline: number, work: () => unknown) => work(),
      workflow: {
        count: async (query: string) => {
          call('count');
          for (const [, name = ''] of query.matchAll(/(\w+) IS NOT NULL/g)) {
            if (this.#shown.attributes[name] === undefined) throw grpcError(3, `invalid query: no ${name}`);
          }
        },
      },
      workflowService: {
        describeNamespace: async () => {
          call('describe');
          if (this.#reads >= this.#lag) this.#shown = structuredClone(this.#held);
          this.#reads += 1;
          if (this.#shown.days === undefined) throw new NamespaceNotFoundError('videos');
          return { config: { workflowExecutionRetentionTtl: { seconds: this.#shown.days * DAY_S } } };
        },
        registerNamespace: async (request: { workflowExecutionRetentionPeriod: { seconds: unknown } }) => {
          call('register');
          if (this.#held.days !== undefined) throw grpcError(6, 'namespace already exists');
          this.#held.days = secondsOf(request.workflowExecutionRetentionPeriod);
          this.#reads = 0;
        },
        updateNamespace: async (request: {
          config: { workflowExecutionRetentionTtl: { seconds: unknown } };
        }) => {
          call('update');
          this.#held.days = secondsOf(request.config.workflowExecutionRetentionTtl);
          this.#reads = 0;
        },
      },
      connection: {
        operatorService: {
          listSearchAttributes: async () => {
            call('list');
            return { customAttributes: this.#shown.attributes };
          },
          addSearchAttributes: async ({ searchAttributes }: { searchAttributes: Record<string, number> }) => {
            call('add');
            Object.assign(this.#held.attributes, searchAttributes);
            this.#reads = 0;
          },
        },
      },
    } as unknown as Client;
  }

  get held(): Held {
    return this.#held;
  }

  changes(): string[] {
    return this.calls.filter((call) => !['describe', 'list', 'count'].includes(call));
  }
}

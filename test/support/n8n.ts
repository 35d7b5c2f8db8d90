import { runInNewContext } from 'node:vm';
import { z } from 'zod';

const condition = z.object({
  leftValue: z.string(),
  rightValue: z.string(),
  operator: z.object({ type: z.string(), operation: z.string() }),
});
const assignment = z.object({ name: z.string(), type: z.string(), value: z.string() });
const pair = z.object({ name: z.string(), value: z.string() });
const node = z.discriminatedUnion('type', [
  z.object({ type: z.literal('n8n-nodes-base.manualTrigger'), name: z.string() }),
  z.object({
    type: z.literal('n8n-nodes-base.set'),
    name: z.string(),
    parameters: z.object({ assignments: z.object({ assignments: z.array(assignment) }) }),
  }),
  z.object({
    type: z.literal('n8n-nodes-base.httpRequest'),
    name: z.string(),
    retryOnFail: z.boolean(),
    parameters: z.object({
      method: z.string(),
      url: z.string(),
      authentication: z.literal('genericCredentialType'),
      genericAuthType: z.literal('httpBearerAuth'),
      headerParameters: z.object({ parameters: z.array(pair) }).optional(),
      jsonBody: z.string().optional(),
    }),
  }),
  z.object({
    type: z.literal('n8n-nodes-base.if'),
    name: z.string(),
    parameters: z.object({ conditions: z.object({ conditions: z.tuple([condition]) }) }),
  }),
  z.object({
    type: z.literal('n8n-nodes-base.stopAndError'),
    name: z.string(),
    parameters: z.object({ errorMessage: z.string() }),
  }),
]);
type Node = z.output<typeof node>;
type Item = Readonly<Record<string, unknown>>;

/** A workflow of n8n, with the node types that the example uses. */
export const n8nWorkflow = z.object({
  nodes: z.array(node),
  connections: z.record(
    z.string(),
    z.object({ main: z.array(z.tuple([z.object({ node: z.string(), index: z.number() })])) }),
  ),
});

/** The end of a run: the last node, and its item or its error. */
export interface N8nEnd {
  readonly node: string;
  readonly item?: Item;
  readonly error?: string;
}

/** More steps are a loop without end. */
const MOST_STEPS = 200;

/** Runs a workflow for one item, as n8n does. `overrides` replace fields of the node Order. */
export async function runN8n(text: string, token: string, overrides: Item): Promise<N8nEnd> {
  const workflow = n8nWorkflow.parse(JSON.parse(text));
  const run = new N8nRun(token, overrides);
  let current = workflow.nodes.find(({ type }) => type === 'n8n-nodes-base.manualTrigger');
  for (let step = 0; current !== undefined && step < MOST_STEPS; step++) {
    const { output, error } = await run.step(current);
    if (error !== undefined) return { node: current.name, error };
    const next: string | undefined = workflow.connections[current.name]?.main[output]?.[0].node;
    if (next === undefined) return { node: current.name, item: run.item };
    current = workflow.nodes.find(({ name }) => name === next);
  }
  throw new Error('the workflow does not end');
}

class N8nRun {
  item: Item = {};
  readonly #token: string;
  readonly #overrides: Item;
  readonly #items = new Map<string, Item>();
  readonly #runs = new Map<string, number>();

  constructor(token: string, overrides: Item) {
    this.#token = token;
    this.#overrides = overrides;
  }

  /** Runs a node; returns the number of its output, or its error. */
  async step(current: Node): Promise<{ readonly output: number; readonly error?: string }> {
    const runIndex = this.#runs.get(current.name) ?? 0;
    this.#runs.set(current.name, runIndex + 1);
    const value = (text: string): unknown => this.#valueOf(text, runIndex);
    switch (current.type) {
      case 'n8n-nodes-base.manualTrigger':
        break;
      case 'n8n-nodes-base.set':
        this.item = this.#set(current, value);
        break;
      case 'n8n-nodes-base.httpRequest': {
        const error = await this.#request(current, value);
        if (error !== undefined) return { output: 0, error };
        break;
      }
      case 'n8n-nodes-base.if': {
        const [{ leftValue, rightValue, operator }] = current.parameters.conditions.conditions;
        const left = value(leftValue);
        const isTrue = operator.operation === 'true' ? left === true : left === value(rightValue);
        return { output: isTrue ? 0 : 1 };
      }
      case 'n8n-nodes-base.stopAndError':
        return { output: 0, error: String(value(current.parameters.errorMessage)) };
    }
    this.#items.set(current.name, this.item);
    return { output: 0 };
  }

  #set({ name, parameters }: Node & { type: 'n8n-nodes-base.set' }, value: (text: string) => unknown): Item {
    const entries = parameters.assignments.assignments.map((each) => {
      const given = value(each.value);
      return [each.name, each.type === 'object' ? JSON.parse(String(given)) : given];
    });
    return { ...Object.fromEntries(entries), ...(name === 'Order' ? this.#overrides : {}) };
  }

  async #request(
    { parameters }: Node & { type: 'n8n-nodes-base.httpRequest' },
    value: (text: string) => unknown,
  ): Promise<string | undefined> {
    const { method, url, headerParameters, jsonBody } = parameters;
    const headers = (headerParameters?.parameters ?? []).map(({ name, value: text }) => [
      name,
      String(value(text)),
    ]);
    const reply = await fetch(String(value(url)), {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(jsonBody === undefined ? {} : { 'content-type': 'application/json' }),
        ...Object.fromEntries(headers),
      },
      ...(jsonBody === undefined ? {} : { body: String(value(jsonBody)) }),
    });
    const body = await reply.text();
    if (!reply.ok) return `${reply.status} ${body}`;
    this.item = z.record(z.string(), z.unknown()).parse(JSON.parse(body));
    return undefined;
  }

  /** Evaluates an expression of n8n: text with `{{ … }}` behind `=`. */
  #valueOf(text: string, $runIndex: number): unknown {
    if (!text.startsWith('=')) return text;
    const $ = (name: string) => ({ first: () => ({ json: this.#items.get(name) }) });
    const evaluate = (code: string): unknown => runInNewContext(code, { $json: this.item, $, $runIndex });
    const [, whole] = /^=\{\{((?:(?!\}\}).)*)\}\}$/s.exec(text) ?? [];
    if (whole !== undefined) return evaluate(whole);
    return text.slice(1).replace(/\{\{(.*?)\}\}/gs, (_, code: string) => String(evaluate(code)));
  }
}

import { OptionsInvalid } from '../../render/errors.js';

/** One run of a workflow. */
export interface RunPlace {
  readonly namespace: string;
  readonly workflowId: string;
  readonly runId: string;
}

/** The Temporal UI's page of a run. */
export function runPage(ui: string, { namespace, workflowId, runId }: RunPlace): string {
  const path = ['namespaces', namespace, 'workflows', workflowId, runId, 'timeline'];
  return `${ui.replace(/\/+$/, '')}/${path.map(encodeURIComponent).join('/')}`;
}

/** A dev server serves its UI a thousand ports above its frontend, unless it was told otherwise. */
const UI_PORT_DISTANCE = 1_000;

/**
 * Where the Temporal UI of an engine is, as far as its address tells.
 *
 * @throws OptionsInvalid where it does not
 */
export function uiOf(engineAddress: string): string {
  const { hostname, port } = new URL(`grpc://${engineAddress}`);
  if (/\.(tmprl\.cloud|api\.temporal\.io)$/.test(hostname)) return 'https://cloud.temporal.io';
  if (/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)) {
    return `http://${hostname}:${Number(port === '' ? '7233' : port) + UI_PORT_DISTANCE}`;
  }
  throw new OptionsInvalid(
    `where the Temporal UI of ${engineAddress} is cannot be told: give --ui URL, or set TEMPORAL_UI_URL`,
  );
}

import type { RenderStatus } from '../../starter/status.js';
import { STATE_MEANINGS } from '../../render/state.js';
import type { Output } from './output.js';
import { Redraw } from './redraw.js';
import { secondsText, statusLine } from './progress.js';

/** Shows a render to a person who watches it. */
export interface LiveView {
  show(status: RenderStatus): void;
  end(): void;
}

const REDRAW_MS = 1_000;

/** A few lines on a terminal that are drawn over and over; the last of them stay. */
export function liveView(stream: NodeJS.WriteStream): LiveView {
  const view = new Redraw(stream);
  const startedMs = Date.now();
  let lines: readonly string[] = [];
  const redraw = (): void =>
    view.draw([...lines, `  watched for ${secondsText(Date.now() - startedMs).trim()}`]);
  const timer = setInterval(redraw, REDRAW_MS);
  return {
    show: (status) => {
      lines = viewLines(status);
      redraw();
    },
    end: () => clearInterval(timer),
  };
}

/** A line for each change, where nothing can be drawn over. */
export function lineView(output: Output): LiveView {
  const startedMs = Date.now();
  return {
    show: (status) => output.note(`${secondsText(Date.now() - startedMs)}  ${statusLine(status)}`),
    end: () => undefined,
  };
}

function viewLines({ key, state, project, attempts, providerStatus, message }: RenderStatus): string[] {
  return [
    `${key}: ${state}${project === undefined ? '' : `, project ${project}`}`,
    `  ${STATE_MEANINGS[state]}`,
    ...(message === undefined ? [] : [`  ${message}`]),
    ...(providerStatus === undefined ? [] : [`  The provider says: ${providerStatus}`]),
    `  Submissions: ${attempts}`,
  ];
}

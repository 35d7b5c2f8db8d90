import type { Command } from 'commander';
import type { Renders } from '../../starter.js';
import type { RenderStatus } from '../../starter/status.js';
import { type CommonOptions, newCommand, run } from '../command.js';
import { withRenders } from '../connect.js';
import type { Output } from '../print/output.js';
import { secondsText } from '../print/progress.js';
import { Redraw } from '../print/redraw.js';
import { printOutcome, statusLine, statusLines } from '../print/render-lines.js';

/** The last changes of a render that `--json` prints. */
const CHANGES_KEPT = 1_000;

const REDRAW_MS = 1_000;

/** Creates `renderonce watch`, which shows a render live until it is closed. */
export function watchCommand(): Command {
  return newCommand('watch', ['watch order-12345-thumbnail', 'watch order-12345-thumbnail --json'])
    .argument('<key>', 'the business key')
    .action((key: string, options: CommonOptions) =>
      run(options, (output) => withRenders((renders) => watch(renders, key, options, output))),
    );
}

type Change = Omit<RenderStatus, 'key' | 'startedAt' | 'closedAt'> & { readonly at: string };

async function watch(
  renders: Renders,
  key: string,
  { json }: CommonOptions,
  output: Output,
): Promise<number> {
  const screen = json === true ? undefined : Redraw.on(process.stderr);
  const view = screen === undefined ? lineView(output) : liveView(screen);
  const changes: Change[] = [];
  try {
    for await (const status of renders.watch(key)) {
      view.show(status);
      const { key: _key, startedAt: _startedAt, closedAt: _closedAt, ...change } = status;
      changes.push({ at: new Date().toISOString(), ...change });
      if (changes.length > CHANGES_KEPT) changes.shift();
    }
  } finally {
    view.end();
  }
  return printOutcome(output, () => renders.result(key), { changes });
}

/** Shows a render to a person who watches it. */
interface View {
  show(status: RenderStatus): void;
  end(): void;
}

/** Draws a few lines on a terminal again and again; the last of them stay. */
function liveView(screen: Redraw): View {
  const startedMs = Date.now();
  let lines: readonly string[] = [];
  const redraw = (): void =>
    screen.draw([...lines, `  watched for ${secondsText(Date.now() - startedMs).trim()}`]);
  const timer = setInterval(redraw, REDRAW_MS);
  return {
    show: (status) => {
      lines = [...statusLines(status), `  Submissions: ${status.attempts}`];
      redraw();
    },
    end: () => clearInterval(timer),
  };
}

/** Prints a line for each change, for an output that cannot be drawn over. */
function lineView(output: Output): View {
  const startedMs = Date.now();
  return {
    show: (status) => output.note(`${secondsText(Date.now() - startedMs)}  ${statusLine(status)}`),
    end: () => undefined,
  };
}

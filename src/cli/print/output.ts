// The engine's index would load everything that starts an engine.
import { EngineError } from '../../engine/engine-error.js';
import { RenderonceError } from '../../render/errors.js';
import { messageOf, shorten } from '../../text/text.js';
import { shownOn } from './shown.js';

/** Output of a command: one JSON document on stdout, or lines for a person. */
export interface Output {
  /** Prints the command's result. */
  readonly result: (document: object, lines: readonly string[]) => void;
  /** Prints progress or a remark, for a person only. */
  readonly note: (line: string) => void;
  /** Prints what the command threw. */
  readonly error: (error: unknown) => void;
}

/** Creates the output of a command. */
export function createOutput(json: boolean): Output {
  if (json) {
    return {
      result: (document) => console.log(JSON.stringify(document)),
      note: () => undefined,
      error: (error) => console.log(JSON.stringify({ error: errorDocument(error) })),
    };
  }
  return {
    result: (_document, lines) => console.log(shownOn(process.stdout, lines, process.env)),
    note: (line) => say([line]),
    error: (error) => {
      const { code, message, next } = errorDocument(error);
      say([`error ${code}: ${message}`, `  ${next}`]);
    },
  };
}

function say(lines: readonly string[]): void {
  console.error(shownOn(process.stderr, lines, process.env));
}

interface ErrorDocument {
  readonly code: string;
  readonly message: string;
  readonly key?: string;
  readonly project?: string;
  readonly next: string;
}

function errorDocument(error: unknown): ErrorDocument {
  if (error instanceof RenderonceError) {
    const { code, message, key, project, next } = error;
    return {
      code,
      message,
      ...(key === undefined ? {} : { key }),
      ...(project === undefined ? {} : { project }),
      next,
    };
  }
  if (error instanceof EngineError) return { code: error.code, message: error.message, next: error.next };
  const next = 'This error is unexpected: run again with RENDERONCE_LOG_LEVEL=debug and report the output.';
  return { code: 'Unexpected', message: shorten(messageOf(error)), next };
}

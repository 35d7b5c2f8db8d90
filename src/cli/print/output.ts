// Not by way of its index, which loads all that starts an engine.
import { EngineError } from '../../engine/engine-error.js';
import { RenderonceError } from '../../render/errors.js';
import { messageOf, shorten } from '../../text/text.js';

/** How a command speaks: one JSON document on stdout, or lines for a person. */
export interface Output {
  /** The command's result. */
  readonly result: (document: object, lines: readonly string[]) => void;
  /** Progress and remarks, for a person only. */
  readonly note: (line: string) => void;
  readonly error: (error: unknown) => void;
}

export function createOutput(json: boolean): Output {
  if (json) {
    return {
      result: (document) => console.log(JSON.stringify(document)),
      note: () => undefined,
      error: (error) => console.log(JSON.stringify({ error: errorDocument(error) })),
    };
  }
  return {
    result: (_document, lines) => console.log(lines.join('\n')),
    note: (line) => console.error(line),
    error: (error) => {
      const { code, message, next } = errorDocument(error);
      console.error(`error ${code}: ${message}\n  ${next}`);
    },
  };
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
  const next = 'This was not foreseen: run again with RENDERONCE_LOG_LEVEL=debug and report what it prints.';
  return { code: 'Unexpected', message: shorten(messageOf(error)), next };
}

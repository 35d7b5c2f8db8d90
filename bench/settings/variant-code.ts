import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { startEngine } from '../../src/engine/index.js';
import type { Renders } from '../../src/starter.js';
import { plantDist } from '../../test/support/planted-dist.js';
import type { Variant } from './variants.js';

/** The compiled code of one variant, loaded beside that of the others. */
export interface VariantCode {
  /** File of its command line. */
  readonly main: string;
  readonly Renders: typeof Renders;
  readonly startEngine: typeof startEngine;
  remove(): Promise<void>;
}

/** Makes the compiled code of a variant; remove it in the end. */
export async function codeOf({ plants }: Variant): Promise<VariantCode> {
  const planted = await plantDist(plants);
  const urlOf = (file: string): string => pathToFileURL(join(planted.dist, file)).href;
  // The copies have the types of their sources: a plant changes what the code does, not its interface.
  const starter: Pick<VariantCode, 'Renders'> = await import(urlOf('starter.js'));
  const engine: Pick<VariantCode, 'startEngine'> = await import(urlOf('engine/index.js'));
  return {
    main: join(planted.dist, 'cli/main.js'),
    Renders: starter.Renders,
    startEngine: engine.startEngine,
    remove: () => planted.remove(),
  };
}

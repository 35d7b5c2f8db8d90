import { type BenchEngine, openEngine } from '../engine.js';
import { openFloor } from '../references.js';
import { measureVariants, type RunnableVariant, type VariantResult } from './measure-variants.js';
import { codeOf, type VariantCode } from './variant-code.js';
import { BEFORE, type Before, SHIPPED } from './variants.js';

interface Measuring {
  readonly count: number;
  readonly rounds: number;
  readonly say: (line: string) => void;
}

/**
 * Measures renderonce as it is shipped beside its state before the changes of November 2026, on engines that keep their
 * data in `memory` or in a `file`. Variants of the engine have an engine of their own; all take turns.
 */
export async function measureBefore(
  store: 'memory' | 'file',
  measuring: Measuring,
): Promise<readonly VariantResult[]> {
  const closers: (() => Promise<void>)[] = [];
  const ownEngine = async (code: VariantCode): Promise<Pick<RunnableVariant, 'engine' | 'floor'>> => {
    const engine = await openEngine(store, code.startEngine);
    closers.unshift(() => engine.close());
    const floor = await openFloor(engine);
    closers.unshift(() => floor.close());
    return { engine, floor };
  };
  const runnable = async (variant: Before, shared?: BenchEngine): Promise<RunnableVariant> => {
    const code = await codeOf(variant);
    closers.unshift(() => code.remove());
    return {
      name: variant.name,
      code,
      ...(shared === undefined ? await ownEngine(code) : { engine: shared }),
    };
  };
  try {
    const shipped = await runnable({ ...SHIPPED, isOfEngine: true });
    const variants = [shipped];
    for (const variant of BEFORE[store]) {
      variants.push(await runnable(variant, variant.isOfEngine ? undefined : shipped.engine));
    }
    return await measureVariants(variants, measuring);
  } finally {
    for (const close of closers) await close();
  }
}

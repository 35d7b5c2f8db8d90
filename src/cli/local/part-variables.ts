import type { RunningEngine } from '../../engine/index.js';
import { earliestOf } from '../../render/look-times.js';
import type { Settings } from './data-folder.js';
import { LOCAL_API_KEY } from './local-stack.js';
import { type ChildEnv, withheld } from './spawn-command.js';

/** Variables that the parts of one machine share with each other, and with the commands beside them. */
export type SharedVariables = Readonly<Record<string, string>>;

/** Variables of a single part, or of a start. Another command must not take them over. */
const NOT_SHARED = new Set([
  'RENDERONCE_DATA',
  'RENDERONCE_LISTEN',
  'RENDERONCE_TEMPORAL_CLI',
  'RENDERONCE_TOKENS',
  'RENDERONCE_WORKER_LISTEN',
]);

interface Source {
  readonly plan: { readonly variables: SharedVariables };
  readonly settings: Settings;
  readonly engine: RunningEngine;
  /** Address of the local JSON2Video. */
  readonly providerUrl: string | undefined;
}

/** Returns the variables that all parts share. Those of this process win over the settings of the data folder. */
export function sharedVariables({ plan, settings, engine, providerUrl }: Source): SharedVariables {
  const own = ownVariables();
  const { RENDERONCE_WEBHOOK_SECRET } = settings;
  return {
    RENDERONCE_WEBHOOK_SECRET,
    ...own,
    ...plan.variables,
    ...lookFromOf(settings, own),
    ...(providerUrl === undefined ? {} : { JSON2VIDEO_URL: providerUrl, JSON2VIDEO_API_KEY: LOCAL_API_KEY }),
    TEMPORAL_ADDRESS: engine.address,
    TEMPORAL_NAMESPACE: engine.namespace,
    TEMPORAL_UI_URL: engine.uiUrl,
  };
}

/** Returns the variables of a part: the shared ones, and no other way to an engine. */
export function partVariables(shared: SharedVariables): ChildEnv {
  return { ...withheld((name) => name.startsWith('TEMPORAL_')), ...shared };
}

function ownVariables(): Record<string, string> {
  const entries = Object.entries(process.env).filter(
    ([name, value]) => /^(?:RENDERONCE|JSON2VIDEO)_/.test(name) && !NOT_SHARED.has(name) && value !== '',
  );
  return Object.fromEntries(entries.map(([name, value = '']) => [name, value]));
}

/**
 * Returns the time to which the engine was restored, or an earlier one: a look then reads more of the list. Each restore has
 * a value of its own, since the database may hold looks that were made before it, and they count for their own value only.
 */
function lookFromOf(
  { RENDERONCE_LOOK_FROM: restored, restores = 0 }: Settings,
  own: SharedVariables,
): SharedVariables {
  if (restored === undefined) return {};
  const earliest = earliestOf(restored, own['RENDERONCE_LOOK_FROM']);
  return { RENDERONCE_LOOK_FROM: new Date(Date.parse(earliest) - restores).toISOString() };
}

import { builtinModules } from 'node:module';
import { join } from 'node:path/posix';
import { parseSync } from 'oxc-parser';

/** A row of the table: the rooms and files of `src` that a room may import, and the packages. */
interface Layer {
  readonly own: string;
  /** Rooms of which only types may be imported. */
  readonly types?: string;
  /** The packages that it may import; without a list, all. `node:` stands for all of Node. */
  readonly packages?: string;
  /** The packages that it may not import. */
  readonly without?: string;
}

const WORKER = '@temporalio/worker @temporalio/activity @temporalio/core-bridge @temporalio/testing';
const TEMPORAL = '@temporalio/*';

/** Who may import whom. Imports point one way, up the table. A room is a folder of `src`, or a file there. */
export const LAYERS: Readonly<Record<string, Layer>> = {
  text: { own: '', packages: '' },
  render: { own: 'text', packages: '' },
  movie: { own: 'text render', packages: '@csstools/css-tokenizer parse5 node:crypto node:process' },
  'config.ts': {
    own: 'text render movie events/variables.ts keep/variables.ts worker/variables.ts',
    without: TEMPORAL,
  },
  json2video: { own: 'text render movie', without: TEMPORAL },
  events: { own: 'text render movie json2video', without: TEMPORAL },
  keep: { own: 'text render', without: TEMPORAL },
  codec: { own: 'text render', without: `${WORKER} @temporalio/workflow` },
  workflows: { own: 'text render', types: 'activities', packages: '@temporalio/workflow @temporalio/common' },
  temporal: { own: 'text render workflows/messages.ts', without: `${WORKER} @temporalio/workflow` },
  activities: { own: 'text render movie json2video events keep temporal' },
  receiver: { own: 'text render movie json2video temporal workflows/messages.ts', without: WORKER },
  starter: {
    own: 'text render movie events/body.ts keep temporal workflows/messages.ts',
    without: WORKER,
  },
  'starter.ts': { own: 'text render movie keep temporal starter', without: WORKER },
  callers: { own: 'text render starter temporal', without: `@temporalio/worker @temporalio/workflow` },
  'workflow.ts': {
    own: 'text render',
    types: 'starter callers',
    packages: '@temporalio/workflow',
  },
  'tracing.ts': { own: 'text render workflows/messages.ts', without: WORKER },
  audit: { own: 'text render movie json2video starter starter.ts', without: TEMPORAL },
  engine: { own: 'text render temporal', without: WORKER },
  worker: {
    own: 'text render movie json2video events keep temporal starter starter.ts workflows activities receiver',
  },
  'worker.ts': {
    own: 'text render movie json2video events keep temporal starter starter.ts workflows activities receiver worker',
  },
  'index.ts': { own: 'text render movie keep temporal starter starter.ts codec', without: WORKER },
  'fake.ts': { own: '', packages: 'json2video-local' },
  http: {
    own: 'text render movie json2video events keep temporal starter starter.ts receiver',
    without: WORKER,
  },
  console: {
    own: 'text render movie json2video keep temporal starter starter.ts http',
    without: WORKER,
  },
  demo: { own: 'text render movie temporal starter starter.ts' },
  cli: {
    own: 'text render movie temporal starter starter.ts demo audit codec config.ts console engine events http json2video keep receiver worker worker.ts workflows',
  },
};

/** One import, as a file writes it. */
interface Import {
  readonly from: string;
  readonly isType: boolean;
}

/** The imports of a source: of values and types, re-exports, and `import()` of a literal. */
export function importsOf(file: string, source: string): Import[] {
  const { module } = parseSync(file, source);
  const text = (start: number, end: number): string => source.slice(start + 1, end - 1);
  return [
    ...module.staticImports.map(({ moduleRequest, entries }) => ({
      from: moduleRequest.value,
      isType: entries.length > 0 && entries.every(({ isType }) => isType),
    })),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest, isType }) =>
        moduleRequest === null ? [] : [{ from: moduleRequest.value, isType }],
      ),
    ),
    ...module.dynamicImports.map(({ moduleRequest: { start, end } }) => ({
      from: text(start, end),
      isType: false,
    })),
  ];
}

/** The room of a file, whose path begins at `src`. */
export function roomOf(file: string): string {
  return file.split('/')[0] ?? '';
}

/** Returns what is wrong with the imports of one file, whose path begins at `src`; nothing if all is well. */
export function faultsOf(file: string, source: string): string[] {
  const room = roomOf(file);
  const layer = LAYERS[room];
  if (layer === undefined) return [`${file}: no row of the table is for ${room}`];
  return importsOf(file, source).flatMap(({ from, isType }) => {
    const isFit = from.startsWith('.')
      ? isOwnFit(layer, room, join(file, '..', from), isType)
      : isPackageFit(layer, from);
    return isFit ? [] : [`${file} may not import ${from}`];
  });
}

const wordsOf = (words: string): string[] => words.split(' ').filter((word) => word !== '');

function isOwnFit(layer: Layer, room: string, target: string, isType: boolean): boolean {
  const path = target.replace(/\.js$/, '.ts');
  const isIn = (rooms: string): boolean =>
    wordsOf(rooms).some((each) => path === each || path.startsWith(`${each}/`));
  return isIn(room) || isIn(layer.own) || (isType && isIn(layer.types ?? ''));
}

function isPackageFit({ packages, without = '' }: Layer, name: string): boolean {
  // Our own files are imported by their path, never by the name of the package.
  if (name === 'renderonce' || name.startsWith('renderonce/')) return false;
  const isNode = name.startsWith('node:') || builtinModules.includes(name);
  const isAmong = (list: string): boolean =>
    wordsOf(list).some((each) => {
      if (each === 'node:') return isNode;
      if (each.endsWith('/*')) return name.startsWith(each.slice(0, -1));
      return (
        name === each ||
        (each.startsWith('@') && each !== '@temporalio/common' && name.startsWith(`${each}/`))
      );
    });
  return (packages === undefined || isAmong(packages)) && !isAmong(without);
}

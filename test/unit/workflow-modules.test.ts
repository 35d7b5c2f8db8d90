import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync, type Program, Visitor } from 'oxc-parser';
import { expect, test } from 'vitest';
import { workflowModules } from '../../src/worker/workflow-code.js';
import { importsOf } from './layers.js';

const { preloadModules } = workflowModules({ stackTraces: false });
const SOURCE = fileURLToPath(new URL('../../src/', import.meta.url));

/** Functions that a module may call while it is loaded: their values are the same for every run. */
const DEFINITIONS =
  /^(define(Query|Signal|Update|SearchAttributeKey)|proxySinks|new (TextEncoder|RegExp)|Object\.entries|map)$/;

/** Methods that change what they are called on, by any name that a collection has. */
const CHANGES = /^(push|pop|shift|unshift|splice|sort|reverse|fill|copyWithin|set|add|delete|clear)$/;

/** Returns the modules that the worker preloads, with all of ours that they import. */
function preloaded(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const left = [...preloadModules];
  for (let file = left.pop(); file !== undefined; file = left.pop()) {
    if (found.has(file)) continue;
    const source = readFileSync(file, 'utf8');
    found.set(file, source);
    for (const { from, isType } of importsOf(file, source)) {
      if (!isType && from.startsWith('.')) left.push(join(dirname(file), from.replace(/\.js$/, '.ts')));
    }
  }
  return found;
}

/** Returns the state that a module keeps between runs, as far as it shows in its source. */
function stateIn(file: string, source: string): string[] {
  const { program } = parseSync(file, source);
  const text = ({ start, end }: { start: number; end: number }): string => source.slice(start, end);
  const constants = new Set<string>();
  const faults: string[] = [];
  let depth = 0;
  const enter = (): void => void (depth += 1);
  const leave = (): void => void (depth -= 1);
  const isConstant = (node: { type: string; start: number; end: number }): boolean =>
    node.type === 'Identifier' && constants.has(text(node));
  const changed = (target: { type: string; start: number; end: number; object?: typeof target }): void => {
    if (target.object !== undefined && isConstant(target.object)) faults.push(`changes ${text(target)}`);
  };
  const called = (name: string): void => {
    if (depth === 0 && !DEFINITIONS.test(name)) faults.push(`calls ${name} while it is loaded`);
  };
  declarationsOf(program, (kind, name) => {
    if (kind !== 'const') faults.push(`declares ${kind} ${name}`);
    constants.add(name);
  });
  new Visitor({
    FunctionDeclaration: enter,
    'FunctionDeclaration:exit': leave,
    FunctionExpression: enter,
    'FunctionExpression:exit': leave,
    ArrowFunctionExpression: enter,
    'ArrowFunctionExpression:exit': leave,
    PropertyDefinition: (node) => {
      if (node.static) faults.push(`has a static field ${text(node.key)}`);
      enter();
    },
    'PropertyDefinition:exit': leave,
    AssignmentExpression: ({ left }) => changed(left),
    UpdateExpression: ({ argument }) => changed(argument),
    NewExpression: ({ callee }) => called(`new ${text(callee)}`),
    CallExpression: ({ callee }) => {
      if (callee.type !== 'MemberExpression') return called(text(callee));
      const { object, property } = callee;
      if (isConstant(object) && CHANGES.test(text(property))) faults.push(`changes ${text(callee)}`);
      called(isConstant(object) || object.type === 'CallExpression' ? text(property) : text(callee));
    },
    Literal: (node) => {
      // A regular expression with one of these flags remembers where its last match ended.
      if ('regex' in node && /[gy]/.test(node.regex.flags) && depth === 0) faults.push(`keeps ${text(node)}`);
    },
  }).visit(program);
  return faults;
}

/** Calls `found` for each variable of the module itself. */
function declarationsOf(program: Program, found: (kind: string, name: string) => void): void {
  for (const statement of program.body) {
    const inner = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (inner?.type !== 'VariableDeclaration') continue;
    for (const { id } of inner.declarations) found(inner.kind, id.type === 'Identifier' ? id.name : '{…}');
  }
}

test('the worker loads the modules of the workflow once, so none of them holds state of a run', () => {
  const modules = preloaded();
  expect([...modules.keys()]).toContain(join(SOURCE, 'render/submission.ts'));
  const faults = [...modules].flatMap(([file, source]) =>
    stateIn(file, source).map((fault) => `${file.slice(SOURCE.length)} ${fault}`),
  );
  expect(faults).toEqual([]);
});

test.each([
  ['a variable', 'let last: string | undefined;', 'declares let last'],
  ['an exported variable', 'export let last = 1;', 'declares let last'],
  ['a collection', 'const seen = new Map<string, string>();', 'calls new Map while it is loaded'],
  ['a call', 'const first = Date.now();', 'calls Date.now while it is loaded'],
  [
    'a list that grows',
    'const all: string[] = [];\nexport const a = () => all.push("x");',
    'changes all.push',
  ],
  ['a member that is set', 'const last = { a: 1 };\nfunction f() { last.a = 2; }', 'changes last.a'],
  [
    'a member that counts',
    'const last = { a: 1 };\nexport function f() { last["a"] += 1; }',
    'changes last["a"]',
  ],
  ['a static field', 'class A { static last = 1; }', 'has a static field last'],
  ['a regular expression that remembers', 'const KEY = /key/g;', 'keeps /key/g'],
])('the control: %s is found', (_what, source, fault) => {
  expect(stateIn('planted.ts', source)).toEqual([fault]);
});

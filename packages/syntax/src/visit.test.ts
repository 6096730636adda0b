import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Script } from './ast/index.js';
import { parse } from './parse.js';
import { childKeys, visit, type AstNode } from './visit.js';

function script(text: string): Script {
  const { statements, comments } = parse(text);
  return {
    kind: 'Script',
    statements: statements.flatMap((one) => (one.ok ? [one.statement] : [])),
    comments,
    span: { start: 0, end: text.length },
  };
}

/** Every object with a known kind, found without the table. */
function allNodes(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = 'kind' in value && typeof value.kind === 'string' && value.kind in childKeys ? [value] : [];
  return [...own, ...Object.values(value).flatMap(allNodes)];
}

test('the table reaches every node of the corpus', () => {
  const tree = script(readFileSync(new URL('./corpus.drops', import.meta.url), 'utf8'));
  const seen = new Set<unknown>();
  visit(tree, {
    enter: (node) => {
      seen.add(node);
    },
  });
  const all = [tree, ...allNodes(tree.statements)];
  expect(all.filter((node) => !seen.has(node))).toEqual([]);
  expect(seen.size).toBe(new Set(all).size);
});

test('nodes come in the order of reading, with their ancestors', () => {
  const seen: string[] = [];
  const show = (node: AstNode) => (node.kind === 'FieldName' ? node.path.join('.') : node.kind);
  visit(script('find r where a = 1 and b = lower(c) then pick d'), {
    enter: (node, ancestors) => {
      if (node.kind === 'FieldName') seen.push([...ancestors, node].map(show).join('/'));
    },
  });
  expect(seen).toEqual([
    'Script/Find/AndPredicate/ComparisonPredicate/a',
    'Script/Find/AndPredicate/ComparisonPredicate/b',
    'Script/Find/AndPredicate/ComparisonPredicate/CallExpression/c',
    'Script/Find/PickPipe/PickItem/d',
  ]);
});

test('`skip` leaves the children out, `stop` ends the walk', () => {
  const kinds = (answer: 'skip' | 'stop') => {
    const seen: string[] = [];
    visit(script('find r where a = 1\nfind s'), {
      enter: (node) => {
        seen.push(node.kind);
        return node.kind === 'ComparisonPredicate' ? answer : undefined;
      },
    });
    return seen;
  };
  expect(kinds('skip')).toEqual(['Script', 'Find', 'RouteName', 'ComparisonPredicate', 'Find', 'RouteName']);
  expect(kinds('stop')).toEqual(['Script', 'Find', 'RouteName', 'ComparisonPredicate']);
});

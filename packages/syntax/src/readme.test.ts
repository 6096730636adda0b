import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { format } from './format.js';
import { parse } from './parse.js';
import { visit } from './visit.js';

const page = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const fences = [...page.matchAll(/```(\w+)\n([\s\S]*?)```/g)].map(([, language, text]) => ({
  language,
  text,
}));
const fence = (language: string): string => fences.find((one) => one.language === language)?.text ?? '';

test('formatting does what the page shows', () => {
  expect(format(fence('drops'))).toEqual({ text: fence('text') });
});

test('the text of the example parses, and its routes are found', () => {
  const text = /parse\('(.*)'\)/.exec(fence('ts'))?.[1] ?? '';
  const routes: string[] = [];
  for (const one of parse(text).statements) {
    if (!one.ok) throw new Error(one.errors[0]?.message);
    visit(one.statement, {
      enter: (node) => {
        if (node.kind === 'RouteName') routes.push(node.path);
      },
    });
  }
  expect(routes).toEqual(['users', 'users']);
});

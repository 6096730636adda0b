import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { lint, report } from './lint.js';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const settings = { routes: ['orders', 'users', 'sessions'] };

it('finds what is wrong with the report', async () => {
  const text = readFileSync(here('report.drops'), 'utf8');
  await expect(report(text, settings) + '\n').toMatchFileSnapshot(here('expected.txt'));
});

it('has nothing to say about careful statements', () => {
  expect(lint('find orders limit 10\ncount users\nfind users where n = 1 then remove', settings)).toEqual([]);
});

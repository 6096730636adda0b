import { expect, test } from 'vitest';
import { examples } from './examples.js';
import { aliases, hasRole, keywordsByRole, keywordTable } from './keywords.js';
import { parse } from './parse.js';
import { serviceVerbs } from './services.js';

test('every keyword is in the table with all its roles', () => {
  expect(keywordTable.get('count')).toEqual(['statement', 'aggregate', 'action']);
  expect(hasRole('where', 'clause')).toBe(true);
  expect(hasRole('where', 'aggregate')).toBe(false);
});

test('every alias is a keyword, and so is what it stands for', () => {
  for (const [alias, canonical] of aliases) {
    expect(keywordTable.has(alias)).toBe(true);
    expect(keywordTable.has(canonical)).toBe(true);
  }
});

test('every statement has an example that parses and begins with its word', () => {
  for (const word of keywordsByRole.statement) {
    const example = examples.get(word) ?? examples.get(aliases.get(word) ?? '');
    expect(example, word).toBeDefined();
    expect(parse(example ?? '').statements.map(({ ok }) => ok)).toEqual([true]);
  }
});

test('every verb of a service parses to itself from its example', () => {
  for (const { service, verb, example } of serviceVerbs) {
    const [only] = parse(example).statements;
    expect(
      only?.ok && only.statement.kind === 'Service' && [only.statement.service, only.statement.verb],
      example,
    ).toEqual([service, verb]);
  }
});

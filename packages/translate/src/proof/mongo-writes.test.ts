import type { JsonObject } from '@drops/ir';
import { describe, expect, it } from 'vitest';
import { planOf } from '../plan-of.fixture.js';
import { translate } from '../translate.js';
import { openMongoShell } from './mongosh.fixture.js';

const hostile = `O'Brien \\ "q" \`t\` %_! -- ; '' \\' 𝒳 é \t\n\r\u0001 $1 ? :x \u2028`;
const text = JSON.stringify(hostile);
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

/** A statement, the key it touches, and the document it must leave; nothing for one that is gone. */
const writes: readonly (readonly [string, string, JsonObject | undefined])[] = [
  ['save my/things @a name: "Alice" n: 3 ok: true', 'a', { name: 'Alice', n: 3, ok: true }],
  ['save my/things @a name: "Bob"', 'a', { name: 'Bob' }],
  ['save my/things @e {}', 'e', {}],
  [`save my/things @h name: ${text}`, 'h', { name: hostile }],
  ['save my/things @d price: "$9" tag: "$$ROOT" "a.b": 1', 'd', { price: '$9', tag: '$$ROOT', 'a.b': 1 }],
  ['save my/things @p "<h1>Hi</h1>"', 'p', { payload: '<h1>Hi</h1>' }],
  ['save my/things @x x: -0.5 big: 1e21', 'x', { x: -0.5, big: 1e21 }],
  ['update my/things @a n: 1 name: null deep: { b: ("x", null) }', 'a', { n: 1, deep: { b: ['x', null] } }],
  ['update my/things @nobody n: 1', 'nobody', undefined],
  ['add 5 to my/things @a n', 'a', { n: 6, deep: { b: ['x', null] } }],
  ['subtract 7 from my/things @a n', 'a', { n: -1, deep: { b: ['x', null] } }],
  ['add 3 to my/things @fresh n', 'fresh', { n: 3 }],
  ['save my/things @abs name: "x" if absent', 'abs', { name: 'x' }],
  ['remove my/things @a', 'a', undefined],
  ['find my/things where n = 3 then remove', 'fresh', undefined],
  ['find my/things sort key limit 1 then remove', 'abs', undefined],
];

describe('writes', () => {
  const shell = openMongoShell({ 'my/things': [] });
  const named = (key: string) => shell.collection('my/things').filter((d) => d['_key'] === key);
  it.each(writes)('%s', (statement, key, expected) => {
    shell.run(translate(planOf(statement), 'mongo').output);
    const wanted = { _id: expect.any(Number), _key: key, _created_at: time, ...expected };
    expect(named(key)).toEqual(expected ? [wanted] : []);
  });
  it('an event has no key', () => {
    shell.run(translate(planOf('save my/things text: "no key"'), 'mongo').output);
    expect(shell.collection('my/things')).toContainEqual({
      _id: expect.any(Number),
      _key: null,
      _created_at: time,
      text: 'no key',
    });
  });
  it.each([
    ['save my/things @a n: 1 keep 60', 'keep'],
    ['save my/things @a n: 1 if version = 3', 'if version'],
    ['save my/things @a _id: 1', 'the field _id'],
    ['save my/things @a $set: 1', 'the field $set'],
    ['update my/things @a "a.b": 1', 'an update of the field "a.b"'],
    ['bulk (save my/things @a n: 1, save my/things @b n: 2)', 'bulk'],
    ['find my/things then save other', 'a save of the rows found'],
  ])('%s is refused', (statement, what) => {
    expect(() => translate(planOf(statement), 'mongo')).toThrow(`MongoDB cannot express ${what}`);
  });
});

it('parameters stay variables of the script', () => {
  const { output, parameters } = translate(planOf('find users where age > $age limit $n'), 'mongo');
  expect(parameters).toEqual(['age', 'n']);
  expect(output).toContain('{ $literal: $age }');
  expect(output).toContain('{ $limit: $n }');
});

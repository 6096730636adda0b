import { execFileSync } from 'node:child_process';
import { lowerJsonPrimitives, lowerJsonSearch, lowerJsonQuery } from '@drops/analyzer';
import { equalPlans, type CapabilitySignature, type Json } from '@drops/ir';
import { describe, expect, it } from 'vitest';
import { planOf } from '../plan-of.fixture.js';
import { conditions, statements } from '../proof/queries.fixture.js';
import { translate } from '../translate.js';
import { toJsonQuery } from './json-query.js';

const request = (text: string): string => translate(planOf(text), 'rest', { source: text }).output;
const body = (text: string): Json => JSON.parse(request(text).split('\n\n')[1] ?? 'null');

describe('a find goes to /query, when that says the same', () => {
  it.each<readonly [string, Json]>([
    ['find users', { route: 'users' }],
    ['find users/*', { prefix: 'users' }],
    ['find users history', { route: 'users', latest: false }],
    [
      'find users where age > 3 and age <= 9',
      { route: 'users', filter: { 'payload.age': { $gt: 3, $lte: 9 } } },
    ],
    [
      'find users where a = 1 and a = 2',
      { route: 'users', filter: { $and: [{ 'payload.a': 1 }, { 'payload.a': 2 }] } },
    ],
    [
      'find users where key = "a" or .key = "b"',
      { route: 'users', filter: { $or: [{ key: 'a' }, { 'payload.key': 'b' }] } },
    ],
    [
      'find users where a in (1, null) and b not in ("x")',
      { route: 'users', filter: { 'payload.a': { $in: [1, null] }, 'payload.b': { $nin: ['x'] } } },
    ],
    [
      'find users where a exists and not b exists',
      {
        route: 'users',
        filter: { 'payload.a': { $exists: true }, $not: { 'payload.b': { $exists: true } } },
      },
    ],
    ['find users where a = { x: 1 }', { route: 'users', filter: { 'payload.a': { $eq: { x: 1 } } } }],
    [
      'find users where a contains "x" and b starts with "y" and c ends with "z"',
      {
        route: 'users',
        filter: {
          'payload.a': { $contains: 'x' },
          'payload.b': { $startsWith: 'y' },
          'payload.c': { $endsWith: 'z' },
        },
      },
    ],
    [
      'find users sort a, b desc limit 5 skip 2',
      {
        route: 'users',
        sort: [
          ['payload.a', 'asc'],
          ['payload.b', 'desc'],
        ],
        limit: 5,
        skip: 2,
      },
    ],
    ['find users then pick *, name, a.b', { route: 'users', select: ['*', 'payload.name', 'payload.a.b'] }],
    [
      'find orders group city, a.b sum amount as total count',
      {
        route: 'orders',
        group_by: ['payload.city', 'payload.a.b'],
        compute: { total: { $sum: 'payload.amount' }, count: { $count: true } },
      },
    ],
    [
      'find orders inner join users on user_id = key',
      { route: 'orders', join: { route: 'users', on: ['payload.user_id', 'key'], kind: 'inner' } },
    ],
  ])('%s', (text, expected) => {
    expect(request(text)).toMatch(/^POST \/query\n/);
    expect(body(text)).toEqual(expected);
  });

  it('every body reads back as the statement', () => {
    let count = 0;
    for (const text of [...statements, ...conditions.map((c) => `find app/users where ${c}`)]) {
      const plan = planOf(text);
      const query = plan.kind === 'Query' && plan.shape === 'rows' ? toJsonQuery(plan.relation) : undefined;
      if (!query) continue;
      count += 1;
      const back = lowerJsonQuery(JSON.parse(JSON.stringify(query.body))).plan;
      expect(equalPlans(back, plan), `${text}\n${JSON.stringify(query)}`).toBe(true);
    }
    expect(count).toBeGreaterThan(90);
  });

  it.each([
    'primitives dates { $gte: "2026-03-01", $lt: "2026-04-01" }',
    'primitives locations { $near: { lat: 1, lon: 2, radius_km: 3 } } amounts { $gt: 5 } where a = 1 sort b desc limit 3',
    'primitives identifiers { $has: "x" } group a count',
  ])('%s goes to /primitives', (text) => {
    expect(request(text)).toMatch(/^POST \/primitives\n/);
    expect(equalPlans(lowerJsonPrimitives(body(text)).plan, planOf(text))).toBe(true);
  });

  it('a facet that is named twice goes by its text', () => {
    expect(request('primitives amounts { $gt: 5 } amounts { $lt: 3 }')).toMatch(/^POST \/exec\n/);
  });
});

describe('searches', () => {
  it.each([
    'search docs "x" top 5',
    'search docs "x"',
    'search docs vector (0.5, 1) candidates 50 min_score 0.2',
    'search docs "x" vector (1, 0) fusion "rrf" highlight',
    'search docs "x" where score > 3 and lang = "en"',
    'search docs "x" then where score > 3',
  ])('%s goes to /search', (text) => {
    expect(request(text)).toMatch(/^POST \/search\n/);
    expect(equalPlans(lowerJsonSearch(body(text)).plan, planOf(text))).toBe(true);
  });
});

describe('everything else', () => {
  it.each([
    ['get users @alice', 'GET /entity/users?key=alice'],
    ['get a/b @"x/y"', 'GET /entity/a/b?key=x%2Fy'],
    ['get users @alice history', 'GET /entity/users?key=alice&history=true'],
    [
      'get users @alice as of "2026-01-01T00:00:00+02:00"',
      'GET /entity/users?key=alice&at=2026-01-01T00%3A00%3A00%2B02%3A00',
    ],
  ])('%s', (text, first) => {
    expect(request(text)).toBe(`${first}\nHost: 127.0.0.1:7700`);
  });
  it.each([
    'get users @alice history limit 3',
    'get users @alice as of tx 4',
    'count users where age > 3',
    'list users',
    'find users then first',
    'find users then count',
    'find users where a + 1 > 2',
    'find users then pick x: lower(name)',
    'find orders group city count having count > 1',
    'find users where age > $x',
    'save users @alice name: "Alice"',
    'update users @alice name: "A"',
    'remove users @alice',
    'add 1 to users @alice n',
    'bulk (save a @x n: 1)',
    'search docs "x" as of tx 4',
    'search docs "x" then pick key',
    'search docs "x" top $n',
    'find users then remove',
    'define todo fields title: "text"',
    'when orders changes call "https://example.com/h"',
    'explain find users',
  ])('%s goes to /exec as it is', (text) => {
    expect(request(text)).toBe(`POST /exec\nHost: 127.0.0.1:7700\nContent-Type: text/plain\n\n${text}`);
  });
  it('a save without its text goes to /drop, and says what differs', () => {
    const { output, fidelity } = translate(planOf('save users @alice name: "Alice" keep 60'), 'rest');
    expect(output.split('\n\n')[1]).toBe(
      '{"route":"users","key":"alice","payload":{"name":"Alice"},"keep":60}',
    );
    expect(fidelity).toEqual({ kind: 'approximate', why: ['a caller without a key is given one'] });
  });
  it('other statements without their text are refused', () => {
    expect(() => translate(planOf('remove users @alice'), 'curl')).toThrow(
      'HTTP cannot express this statement',
    );
  });
});

describe('services go where their capability says', () => {
  const signature = (rest: CapabilitySignature['rest']): CapabilitySignature => ({
    service: 'x',
    verb: 'y',
    by: 'key',
    summary: '',
    target: 'optional',
    key: 'optional',
    parameters: [],
    extra: true,
    effects: [],
    rest,
  });
  const go = (text: string, rest: CapabilitySignature['rest']): string =>
    translate(planOf(text), 'rest', { source: text, capability: () => signature(rest) }).output;
  it('in the body', () => {
    expect(
      go('mail to "b@example.com" subject "Hi"', { method: 'POST', path: '/mail/send', parameters: 'body' }),
    ).toBe(
      'POST /mail/send\nHost: 127.0.0.1:7700\nContent-Type: application/json\n\n{"to":"b@example.com","subject":"Hi"}',
    );
  });
  it('in path and query', () => {
    expect(
      go('value ledger "a b" limit 5', {
        method: 'GET',
        path: '/values/ledger/{currency}',
        parameters: 'query',
      }),
    ).toBe('GET /values/ledger/a%20b?limit=5\nHost: 127.0.0.1:7700');
  });
  it('a parameter without a value goes to /exec', () => {
    expect(
      go('mail to $who subject "Hi"', { method: 'POST', path: '/mail/send', parameters: 'body' }),
    ).toMatch(/^POST \/exec/);
  });
});

describe('addresses', () => {
  it.each([
    ['https://api.example.com/', 'curl', `curl 'https://api.example.com/entity/users?key=a'`],
    ['https://api.example.com/base', 'rest', 'GET /base/entity/users?key=a\nHost: api.example.com'],
    ['http://x/$(id)', 'curl', `curl 'http://x/$(id)/entity/users?key=a'`],
  ] as const)('%s to %s', (publicUrl, target, output) => {
    expect(translate(planOf('get users @a'), target, { publicUrl }).output).toBe(output);
  });
});

describe('curl survives a shell', () => {
  const shown = `curl() { for word in "$@"; do printf '%s\\0' "$word"; done; }; `;
  const words = (command: string): readonly string[] =>
    execFileSync('sh', ['-c', `${shown}${command}`], { encoding: 'utf8' })
      .split('\0')
      .slice(0, -1);
  const hostile = [
    `O'Brien`,
    '$(id)',
    '`id`',
    '"; rm -rf x; "',
    'a\\b\\\\',
    '!history',
    'line\nbreak',
    '𝒳 é ｚ',
    '@/etc/passwd',
    '%s%n',
    '\t',
    '*',
    "''",
    '#',
    '\u0000',
    '\u007f',
  ];
  it.each(hostile)('%j', (text) => {
    const statement = `find users where name = ${JSON.stringify(text)} limit 1`;
    expect(words(translate(planOf(statement), 'curl').output)).toEqual([
      '-X',
      'POST',
      'http://127.0.0.1:7700/query',
      '-H',
      'Content-Type: application/json',
      '-d',
      JSON.stringify({ route: 'users', filter: { 'payload.name': text }, limit: 1 }),
    ]);
    const source = `count users where name = "${text}"`;
    const sent = words(translate(planOf('count users'), 'curl', { source }).output);
    expect(sent.at(-1)).toBe(text === '\u0000' ? JSON.stringify({ query: source }) : source);
  });
});

import { describe, expect, it } from 'vitest';
import { dropsOf, textOf } from '../drops.fixture.js';

const drops = dropsOf([
  { key: 'a', payload: { name: 'Ada', n: 1, address: { city: 'Oslo' } } },
  { key: 'b', payload: { name: "O'B", n: 2.5, ok: true } },
]);

describe('formats', () => {
  it('SQL as the catalogue of features shows it', async () => {
    expect(await textOf(drops, { format: 'sql' })).toBe(
      'CREATE TABLE IF NOT EXISTS "users" ("_key" TEXT PRIMARY KEY, "_created_at" TIMESTAMPTZ, "name" TEXT, "n" DOUBLE PRECISION, "address" JSONB, "ok" BOOLEAN);\n' +
        'INSERT INTO "users" ("_key", "_created_at", "name", "n", "address", "ok") VALUES\n' +
        `('a', TIMESTAMPTZ '2026-02-06T12:00:00.123Z', 'Ada', 1, '{"city":"Oslo"}', NULL),\n` +
        `('b', TIMESTAMPTZ '2026-02-06T12:00:00.123Z', 'O''B', 2.5, NULL, TRUE);\n`,
    );
  });

  it('a table a route, and an INSERT for each', async () => {
    const both = [...drops.slice(0, 1), ...dropsOf([{ key: 'a', payload: { n: 1 } }], 'users/old')];
    const text = await textOf(both, { format: 'sql' });
    expect(text.match(/CREATE TABLE IF NOT EXISTS "[^"]+"|INSERT INTO "[^"]+"/g)).toEqual([
      'CREATE TABLE IF NOT EXISTS "users"',
      'CREATE TABLE IF NOT EXISTS "users/old"',
      'INSERT INTO "users"',
      'INSERT INTO "users/old"',
    ]);
    expect(await textOf(both, { format: 'csv' })).toMatch(
      /^_route,_key,_created_at,name,n,address\.city\nusers,a,/,
    );
  });

  it.each([
    [
      'ndjson',
      '{"name":"Ada","address.city":"Oslo","key":"a"}\n{"name":"O\'B","address.city":null,"key":"b"}\n',
    ],
    ['csv', "name,address.city,key\nAda,Oslo,a\nO'B,,b\n"],
    [
      'mongo',
      'db.users.insertMany([\n{"name":"Ada","address.city":"Oslo","key":"a"},\n{"name":"O\'B","address.city":null,"key":"b"}\n]);\n',
    ],
  ] as const)('select in %s', async (format, text) => {
    expect(await textOf(drops, { format, select: ['name', 'address.city', 'key'] })).toBe(text);
  });

  it('MySQL takes longer texts in larger types', async () => {
    const long = dropsOf([{ key: 'a', payload: { s: 'x', m: 'x'.repeat(300), l: 'x'.repeat(20_000) } }]);
    expect(await textOf(long, { format: 'sql', dialect: 'mysql' })).toContain(
      '`s` VARCHAR(255), `m` TEXT, `l` LONGTEXT',
    );
  });

  it('names that a script cannot say are quoted', async () => {
    const text = await textOf(dropsOf([{ key: 'a', payload: JSON.parse('{"__proto__":1}') }], 'a/b'), {
      format: 'mongo',
    });
    expect(text).toContain('db.getCollection("a/b").insertMany([\n');
    expect(text).toContain('["__proto__"]:1');
  });

  it.each([
    ['sql', { s: 'a\0b' }, /U\+0000/],
    ['sql', { o: { '\0': 1 } }, /U\+0000/],
    ['mysql', { a: 1, A: 2 }, /the fields a and A/],
    ['sql', { _key: 1 }, /_key/],
    ['sql', { ['x'.repeat(64)]: 1 }, /at most 63 bytes/],
  ] as const)('%s refuses %j before anything is written', async (dialect, payload, message) => {
    await expect(textOf(dropsOf([{ key: 'a', payload }]), { format: 'sql', dialect })).rejects.toThrow(
      message,
    );
  });
});

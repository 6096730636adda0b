import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sqlite from 'node-sqlite3-wasm';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { drops } from '../io.fixture.js';
import { zipOf } from './zip.fixture.js';

const folder = mkdtempSync(join(tmpdir(), 'drops-foreign-'));
const temporary = join(folder, 'temporary');
mkdirSync(temporary);
vi.stubEnv('TMPDIR', temporary);
const path = (name: string) => join(folder, name);
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** Makes an SQLite file; with `log` it is left as a program leaves it that is still running. */
function database(name: string, sql: string, log?: string): string {
  const file = path(name);
  const opened = new sqlite.Database(file);
  opened.exec('PRAGMA locking_mode = EXCLUSIVE');
  if (log !== undefined) opened.exec('PRAGMA journal_mode = WAL');
  opened.exec(sql);
  if (log !== undefined) {
    opened.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    opened.exec(log);
    // A copy of now: closing would put the log into the file.
    for (const end of ['', '-wal']) writeFileSync(path(`copy-${name}${end}`), readFileSync(file + end));
  }
  opened.close();
  return log === undefined ? file : path(`copy-${name}`);
}

async function run(...argv: string[]) {
  const data = ['--data', path('data')];
  return drops([...argv, ...data]);
}

/** Key → payload of everything on a route. */
async function found(route: string): Promise<unknown> {
  const { out } = await run('export', route, '--format', 'ndjson');
  const lines = out.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line)).map(({ key, payload }) => [key, payload]);
}

const shop = `
  CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, ok BOOLEAN, meta JSON, raw BLOB, score REAL, big INTEGER);
  INSERT INTO users VALUES (1, 'Ann "A" é𝒳', 1, '{"a":[1,"x"]}', x'00ff', 1.5, 9007199254740991);
  INSERT INTO users VALUES (2, '007', 0, 'no json', NULL, 1e300, -3);
  INSERT INTO users VALUES (3, '[1]', NULL, NULL, NULL, NULL, 9007199254740993);
  INSERT INTO users VALUES (4, 'cut' || char(0) || 'text', NULL, NULL, NULL, NULL, NULL);
  INSERT INTO users VALUES (5, NULL, 7, NULL, NULL, 9e999, NULL);
  CREATE TABLE tags (name TEXT PRIMARY KEY, n) WITHOUT ROWID;
  INSERT INTO tags VALUES ('a b', 1), ('c', '2');
  CREATE TABLE pairs (a, b, PRIMARY KEY (a, b));
  INSERT INTO pairs VALUES (1, 2), (1, 3);
  CREATE VIEW names AS SELECT id AS "key of", name FROM users WHERE id < 3;
`;

describe('an SQLite file', () => {
  const file = database('shop.sqlite', shop);

  it('gives every table a route, by its primary key', async () => {
    const { code, out, err } = await run('import', file, '--route', 'shop');
    expect({ code, out }).toEqual({
      code: 1,
      out: '2 rows in shop/pairs\n1 rows in shop/tags, 1 rejected\n2 rows in shop/users, 3 rejected\n',
    });
    expect(err.split('\n').map((line) => line.slice(file.length))).toEqual([
      expect.stringMatching(/^:tags:1: the key "a b": a key holds/),
      ':users:3: the integer 9007199254740993 is more than a number holds exactly',
      ':users:4: a text holds U+0000, which this importer cannot read',
      ':users:5: Infinity is no number of JSON',
      '',
    ]);
    expect(await found('shop/users')).toEqual([
      [
        '1',
        {
          id: 1,
          name: 'Ann "A" é𝒳',
          ok: true,
          meta: { a: [1, 'x'] },
          raw: 'AP8=',
          score: 1.5,
          big: 9007199254740991,
        },
      ],
      ['2', { id: 2, name: '007', ok: false, meta: 'no json', score: 1e300, big: -3 }],
    ]);
    expect(await found('shop/pairs')).toEqual([
      [null, { a: 1, b: 2 }],
      [null, { a: 1, b: 3 }],
    ]);
  });

  it('gives one table or view the route itself', async () => {
    const one = await run('import', file, '--route', 'named', '--table', 'names', '--key-field', 'key of');
    expect(one).toEqual({ code: 0, out: '2 rows in named\n', err: '' });
    expect(await found('named')).toEqual([
      ['1', { 'key of': 1, name: 'Ann "A" é𝒳' }],
      ['2', { 'key of': 2, name: '007' }],
    ]);
    const encoded = await run('import', file, '--route', 'tags', '--table', 'tags', '--key-encode');
    expect(encoded).toMatchObject({ code: 0, out: '2 rows in tags\n' });
    expect(await found('tags')).toEqual([
      ['a_20b', { name: 'a b', n: 1 }],
      ['c', { name: 'c', n: '2' }],
    ]);
  });

  it('writes nothing of an atomic import with a bad row in any table', async () => {
    const { code, out, err } = await run('import', file, '--route', 'none', '--atomic');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/:users:5: .*\nnothing was written: 4 rejected\n$/);
    expect(await found('none/*')).toEqual([]);
    const good = database(
      'good.sqlite',
      'CREATE TABLE a (id TEXT PRIMARY KEY); INSERT INTO a VALUES (1), (2); CREATE TABLE b (x); INSERT INTO b VALUES (3)',
    );
    const all = await run('import', good, '--route', 'both', '--atomic');
    expect(all).toEqual({ code: 0, out: '2 rows in both/a\n1 rows in both/b\n', err: '' });
  });

  it('is read as it stands while another program has a log of it, and is not changed', async () => {
    const live = database(
      'live.db',
      "CREATE TABLE t (id TEXT PRIMARY KEY); INSERT INTO t VALUES ('file')",
      "INSERT INTO t VALUES ('log')",
    );
    const before = [readFileSync(live), readFileSync(`${live}-wal`)];
    expect(await run('import', live, '--route', 'live', '--table', 't')).toMatchObject({
      code: 0,
      out: '2 rows in live\n',
    });
    expect([readFileSync(live), readFileSync(`${live}-wal`)]).toEqual(before);
  });

  it('that was made of an export of ours gives the same drops', async () => {
    await run(
      'exec',
      `bulk (save own/x @a n: 1 ok: true tags: ["x"] t: "[1]", save own/x @b t: "7" address: {city: "Oslo"}, save own/x n: 2.5)`,
    );
    const { out } = await run('export', 'own/x', '--format', 'sql', '--dialect', 'sqlite');
    const own = database('own.sqlite', out);
    expect(await run('import', own, '--route', 'again')).toEqual({
      code: 1,
      out: '',
      err: expect.stringMatching(/"own\/x" cannot be the route/),
    });
    expect(await run('import', own, '--route', 'again', '--table', 'own/x')).toMatchObject({
      code: 0,
      out: '3 rows in again\n',
    });
    expect(await found('again')).toEqual(await found('own/x'));
  });

  it.each<[string, string[], RegExp]>([
    ['a table that is not there', ['--table', 'nobody'], /has no table nobody/],
    ['a key field that is not there', ['--table', 'users', '--key-field', 'nope'], /no column nope/],
    ['a format', ['--format', 'csv'], /--format csv goes with texts/],
  ])('says what is wrong: %s', async (_name, more, message) => {
    const { code, out, err } = await run('import', file, '--route', 'x', ...more);
    expect({ code: code > 0, out }).toEqual({ code: true, out: '' });
    expect(err).toMatch(message);
  });

  it('that is damaged is told, not a stack', async () => {
    writeFileSync(
      path('broken.db'),
      Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(2000, 7)]),
    );
    const { code, out, err } = await run('import', path('broken.db'), '--route', 'x');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/broken\.db: /);
    expect(err).not.toMatch(/at .*\.ts|node:/);
  });
});

/** A database as PocketBase 0.23 and later keeps it. */
const posts = JSON.stringify([
  { name: 'id', type: 'text', primaryKey: true },
  { name: 'title', type: 'text' },
  { name: 'public', type: 'bool' },
  { name: 'likes', type: 'number' },
  { name: 'meta', type: 'json' },
  { name: 'tags', type: 'select', maxSelect: 3 },
  { name: 'kind', type: 'select', maxSelect: 1 },
  { name: 'authors', type: 'relation', maxSelect: 999 },
  { name: 'cover', type: 'file', maxSelect: 1 },
  { name: 'place', type: 'geoPoint' },
  { name: 'created', type: 'autodate' },
  { name: 'updated', type: 'autodate' },
]);
const users = JSON.stringify([
  { name: 'id', type: 'text' },
  { name: 'password', type: 'password', hidden: true },
  { name: 'tokenKey', type: 'text', hidden: true },
  { name: 'email', type: 'email' },
  { name: 'verified', type: 'bool' },
]);
const older = JSON.stringify([{ name: 'labels', type: 'select', options: { maxSelect: 2 } }]);
const pocketbase = (column: 'fields' | 'schema') => `
  CREATE TABLE _collections (id TEXT PRIMARY KEY, system BOOLEAN, type TEXT, name TEXT UNIQUE, ${column} JSON);
  CREATE TABLE _superusers (id TEXT PRIMARY KEY, email TEXT);
  INSERT INTO _superusers VALUES ('admin0000000001', 'root@example.com');
  INSERT INTO _collections VALUES ('c0', 1, 'auth', '_superusers', '[]');`;
const current = `${pocketbase('fields')}
  INSERT INTO _collections VALUES ('c1', 0, 'base', 'posts', '${posts}'), ('c2', 0, 'auth', 'users', '${users}'), ('c3', 0, 'view', 'titles', '[]');
  CREATE TABLE posts (id TEXT PRIMARY KEY, title TEXT, public BOOLEAN, likes NUMERIC, meta JSON, tags JSON, kind TEXT, authors JSON, cover TEXT, place JSON, created TEXT, updated TEXT);
  INSERT INTO posts VALUES ('abc123def456ghi', '[not] a list', 1, 2.5, '{"a":1}', '["x","y"]', 'news', '["u1"]', 'cover_1.png', '{"lon":1,"lat":2}', '2024-01-01 10:00:00.123Z', '2024-02-01 10:00:00.123Z');
  CREATE TABLE users (id TEXT PRIMARY KEY, password TEXT, tokenKey TEXT, email TEXT, verified BOOLEAN);
  INSERT INTO users VALUES ('u1', '$2a$10$hash', 'secret', 'ann@example.com', 0);
  CREATE VIEW titles AS SELECT id, title FROM posts;`;
const inLog = `INSERT INTO posts VALUES ('log', '[1]', 0, 0, 'null', '[]', '', '[]', '', 'null', '', '');`;

describe('a PocketBase backup', () => {
  const live = database('pb.db', current, inLog);
  const backup = path('pb.zip');
  writeFileSync(
    backup,
    zipOf({
      'auxiliary.db': Buffer.from('logs'),
      'storage/c1/abc/cover_1.png': Buffer.from('png'),
      'data.db': readFileSync(live),
      'data.db-wal': readFileSync(`${live}-wal`),
    }),
  );

  it('gives every collection a route: ids are keys, lists and JSON are values, secrets stay behind', async () => {
    expect(await run('import', backup, '--route', 'blog')).toEqual({
      code: 0,
      out: '2 rows in blog/posts\n1 rows in blog/users\n',
      err: '',
    });
    expect(await found('blog/posts')).toEqual([
      [
        'abc123def456ghi',
        {
          title: '[not] a list',
          public: true,
          likes: 2.5,
          meta: { a: 1 },
          tags: ['x', 'y'],
          kind: 'news',
          authors: ['u1'],
          cover: 'cover_1.png',
          place: { lon: 1, lat: 2 },
          created: '2024-01-01 10:00:00.123Z',
          updated: '2024-02-01 10:00:00.123Z',
        },
      ],
      ['log', expect.objectContaining({ title: '[1]', public: false, tags: [], meta: null, kind: '' })],
    ]);
    expect(await found('blog/users')).toEqual([['u1', { email: 'ann@example.com', verified: false }]]);
    expect(await found('blog/*')).toHaveLength(3);
  });

  it('of before 0.23 is read too', async () => {
    const old = database(
      'old.db',
      `${pocketbase('schema')}
      INSERT INTO _collections VALUES ('c1', 0, 'auth', 'people', '${older}');
      CREATE TABLE people (id TEXT PRIMARY KEY, labels JSON, passwordHash TEXT, tokenKey TEXT, verified BOOLEAN, created TEXT);
      INSERT INTO people VALUES ('p1', '["a"]', 'hash', 'secret', 1, '2023-01-01 00:00:00.000Z');`,
    );
    writeFileSync(path('old.zip'), zipOf({ 'data.db': readFileSync(old) }));
    const reply = await run('import', path('old.zip'), '--route', 'people', '--table', 'people');
    expect(reply).toEqual({ code: 0, out: '1 rows in people\n', err: '' });
    expect(await found('people')).toEqual([
      ['p1', { labels: ['a'], verified: true, created: '2023-01-01 00:00:00.000Z' }],
    ]);
  });

  it.each<[string, () => Buffer, RegExp]>([
    ['without a database', () => zipOf({ 'readme.txt': Buffer.from('x') }), /is a zip without data\.db/],
    ['of another database', () => zipOf({ 'data.db': readFileSync(path('shop.sqlite')) }), /no collections/],
    [
      'that is cut',
      () => readFileSync(backup).subarray(0, 2000),
      /cut\.zip is damaged: End of central directory/,
    ],
    ['whose database is none', () => zipOf({ 'data.db': Buffer.from('x'.repeat(5000)) }), /not a database/],
  ])('says what is wrong with a zip %s', async (_name, bytes, message) => {
    const file = path('cut.zip');
    writeFileSync(file, bytes());
    const { code, out, err } = await run('import', file, '--route', 'x');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(message);
    expect(err).not.toMatch(/at .*\.ts|node:/);
  });
});

it('no import leaves temporary files', () => {
  expect(readdirSync(temporary)).toEqual([]);
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open, type Engine } from '@drops/engine';
import { listen, type Listening } from '@drops/server';
import sqlite from 'node-sqlite3-wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { zipOf } from './import/zip.fixture.js';
import { drops } from './io.fixture.js';

const folder = mkdtempSync(join(tmpdir(), 'drops-transfer-'));
const data = join(folder, 'data');
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
let engine: Engine;
let server: Listening;
let places: readonly (readonly [string, string[]])[];

beforeAll(async () => {
  engine = await open({ data });
  server = await listen(engine, { port: 0 });
  places = [
    ['embedded', ['--data', data]],
    ['remote', ['--url', server.url]],
  ];
});
afterAll(async () => {
  await server.close();
  await engine.close();
  rmSync(folder, { recursive: true });
});

/** What the server's engine answers, told first of what a command beside it may have committed. */
async function found(text: string): Promise<unknown> {
  engine.lookForCommits();
  return JSON.parse(JSON.stringify((await engine.exec(text)).body));
}

describe.each(['embedded', 'remote'])('import, %s', (place) => {
  const where = () => places.find(([name]) => name === place)?.[1] ?? [];
  const route = `in/${place}`;

  it('prints the number of rows and names what it leaves out', async () => {
    const path = file('rows.ndjson', '{"id":"a","n":1}\nbroken\n{"id":"b c","n":2}\n{"id":"d","n":3}\n');
    const { code, out, err } = await drops([
      'import',
      path,
      '--route',
      route,
      '--key-field',
      'id',
      ...where(),
    ]);
    expect({ code, out }).toEqual({ code: 1, out: `2 rows in ${route}, 2 rejected\n` });
    expect(err).toMatch(/rows\.ndjson:2: not JSON/);
    expect(err).toMatch(/rows\.ndjson:3: the key "b c"/);
    expect(await found(`get ${route} @d`)).toMatchObject({ payload: { id: 'd', n: 3 } });
  });

  it('names rows that the store refuses, and writes the others', async () => {
    const checked = `checked_${place}`;
    expect((await engine.exec(`define ${checked} fields n: "number required"`)).status).toBe(200);
    const rows = Array.from({ length: 40 }, (_, i) =>
      JSON.stringify({ id: `k${i}`, n: i % 10 === 3 ? 'x' : i }),
    );
    const path = file('checked.ndjson', rows.join('\n'));
    const { code, out, err } = await drops([
      'import',
      path,
      '--route',
      checked,
      '--key-field',
      'id',
      ...where(),
    ]);
    const refused = err.split('\n').filter((line) => line !== '');
    expect({ code, out }).toEqual({ code: 1, out: `36 rows in ${checked}, 4 rejected\n` });
    expect(refused.map((line) => /:(\d+):/.exec(line)?.[1])).toEqual(['4', '14', '24', '34']);
    expect(await found(`count ${checked}`)).toEqual({ count: 36 });
  });

  it('writes nothing of an atomic import with a bad row', async () => {
    const path = file('atomic.csv', 'id,n\na,1\nb c,2\n');
    const argv = ['import', path, '--route', `${route}/atomic`, '--key-field', 'id', '--atomic', ...where()];
    const { code, out, err } = await drops(argv);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/atomic\.csv:3: .*\nnothing was written/);
    expect(await found(`count ${route}/atomic`)).toEqual({ count: 0 });
    const encoded = await drops([...argv, '--key-encode']);
    expect(encoded).toMatchObject({ code: 0, out: `2 rows in ${route}/atomic\n` });
    expect(await found(`get ${route}/atomic @b_20c`)).toMatchObject({ payload: { n: 2 } });
  });

  it('keeps prices and what is left of a life, and leaves out what has ended', async () => {
    const ends = new Date(Date.now() + 3_600_000).toISOString();
    const row = (key: string, more: object) =>
      JSON.stringify({ route: 'x', key, payload: { key }, created_at: ends, ...more });
    const rows = [
      row('a', { price: 0.25, expires_at: ends }),
      row('b', { expires_at: '2020-01-01T00:00:00.000Z' }),
      row('c', { price: 'much' }),
    ];
    const spans = `${route}/spans`;
    const imported = await drops([
      'import',
      file('spans.ndjson', rows.join('\n')),
      '--route',
      spans,
      ...where(),
    ]);
    expect(imported).toMatchObject({ code: 1, out: `1 rows in ${spans}, 1 expired, 1 rejected\n` });
    const { out } = await drops(['export', spans, ...where()]);
    const { price, expires_at } = JSON.parse(out);
    expect(price).toBe(0.25);
    // A server counts the rest of a life from when it writes.
    const late = Date.parse(expires_at) - Date.parse(ends);
    expect(place === 'embedded' ? late === 0 : late >= 0 && late < 60_000).toBe(true);
  });

  it('names every row that the store refuses of an atomic import', async () => {
    const strict = `strict_${place}`;
    expect((await engine.exec(`define ${strict} fields n: "number required"`)).status).toBe(200);
    const rows = Array.from({ length: 900 }, (_, i) => JSON.stringify({ n: i % 300 === 299 ? 'x' : i }));
    const path = file('strict.ndjson', rows.join('\n'));
    const { code, out, err } = await drops(['import', path, '--route', strict, '--atomic', ...where()]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    const lines = [...err.matchAll(/strict\.ndjson:(\d+):/g)].map((match) => match[1]);
    // A server tells the first one alone.
    expect(lines).toEqual(place === 'embedded' ? ['300', '600', '900'] : ['300']);
    expect(err).toMatch(/nothing was written: \d rejected\n$/);
    expect(await found(`count ${strict}`)).toEqual({ count: 0 });
  });

  it('shows how far it is on a terminal, and nothing elsewhere', async () => {
    const path = file('shown.ndjson', '{"n":1}\nbroken\n');
    const argv = ['import', path, '--route', `${route}/shown`, ...where()];
    const { err } = await drops(argv, { terminal: true });
    expect(err).toMatch(/^\r\u001b\[K█+ 100 % {2}0 rows, 0\.0 of 0\.0 MB\r\u001b\[K.*shown\.ndjson:2: /);
    expect((await drops(argv)).err).not.toContain('\r');
  });

  it('takes more rows than one bulk holds', async () => {
    const rows = Array.from({ length: 2345 }, (_, n) => `{"n":${n}}`);
    const path = file('many.ndjson', rows.join('\n'));
    expect(await drops(['import', path, '--route', `${route}/many`, ...where()])).toMatchObject({
      code: 0,
      out: `2345 rows in ${route}/many\n`,
    });
    expect(await found(`count ${route}/many`)).toEqual({ count: 2345 });
  });
});

describe('import --atomic', () => {
  const rows = Array.from({ length: 4321 }, (_, n) =>
    JSON.stringify({ id: `k${n % 4000}`, n, t: 'é'.repeat(n % 700) }),
  );
  const argv = (path: string, ...where: string[]) => [
    'import',
    path,
    '--route',
    'whole',
    '--key-field',
    'id',
    '--atomic',
    ...where,
  ];

  it('writes any number of rows in one commit', async () => {
    const path = file('whole.ndjson', rows.join('\n'));
    expect(await drops(argv(path, '--data', data))).toEqual({
      code: 0,
      out: '4321 rows in whole\n',
      err: '',
    });
    expect(await found('count whole')).toEqual({ count: 4000 });
    const reply = await found('get whole @k3999');
    expect(reply).toMatchObject({ payload: { n: 3999, t: 'é'.repeat(3999 % 700) }, version: 1 });
    expect(await drops(['verify', '--data', data])).toMatchObject({ code: 0 });
  });

  it('of more rows than a server takes is refused with the figure', async () => {
    const path = file('whole.ndjson', rows.join('\n'));
    const { code, out, err } = await drops(argv(path, '--url', server.url));
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/4321 rows found, a server takes at most 1000 in one commit/);
  });
});

describe('export', () => {
  it.each(['ndjson', 'json', 'csv', 'sql', 'mongo'])(
    '%s is imported again without --key-field',
    async (format) => {
      await engine.exec(
        `bulk (save out/users @a name: "O'B" tags: ["x", 1], save out/users @b name: "10" address: {city: "Oslo"})`,
      );
      const exported = await drops(['export', 'out/users', '--format', format, '--data', data]);
      expect(exported).toMatchObject({ code: 0, err: '' });
      const remote = await drops(['export', 'out/users', '--format', format, '--url', server.url]);
      expect(remote.out).toBe(exported.out);
      const path = file(`exported-${format}`, exported.out);
      const imported = await drops(['import', path, '--route', `back/${format}`, '--data', data]);
      expect(imported).toMatchObject({ code: 0, out: `2 rows in back/${format}\n`, err: '' });
      const reply = await found(`find back/${format}`);
      expect(reply).toMatchObject({
        results: [
          { key: 'a', payload: { name: "O'B", tags: ['x', 1] } },
          { key: 'b', payload: { name: '10', address: { city: 'Oslo' } } },
        ],
      });
    },
  );

  it('leaves out what is below, unless asked', async () => {
    await engine.exec('bulk (save deep @a n: 1, save deep/er @b n: 2)');
    const lines = async (route: string) =>
      (await drops(['export', route, '--data', data])).out.trim().split('\n');
    expect(await lines('deep')).toHaveLength(1);
    expect(await lines('deep/*')).toHaveLength(2);
  });

  it.each<[string, string[]]>([
    ['no route', ['export']],
    ['a bad format', ['export', 'users', '--format', 'xml']],
    ['a dialect without sql', ['export', 'users', '--dialect', 'mysql']],
    ['no route to import to', ['import', 'x.csv']],
    ['a bad route', ['import', 'x.csv', '--route', 'a//b']],
  ])('wrong usage: %s', async (_name, argv) => {
    expect(await drops(argv)).toMatchObject({ code: 2, out: '' });
  });

  it('an export that is refused leaves stdout empty', async () => {
    await engine.exec('save nul @a $v', { params: { v: { s: 'a\0b' } } });
    const { code, out, err } = await drops(['export', 'nul', '--format', 'sql', '--url', server.url]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/U\+0000/);
  });
});

describe('GET /export/R', () => {
  beforeAll(async () => {
    await engine.exec('save got @a name: "old"');
    await engine.exec(
      'bulk (save got @a name: "Ann" n: 1 ok: true d: 0.5 at: {city: "Oslo"}, save got/below @b name: "Bo")',
    );
  });
  const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;
  const filter = (value: object) => encodeURIComponent(JSON.stringify(value));

  it.each<[string, string, string, string]>([
    [
      'no parameters',
      '',
      'application/x-ndjson',
      String.raw`^\{"drop_id.*"name":"Ann".*\}\n\{.*"key":"b".*\}\n$`,
    ],
    ['latest=true', 'latest=true&below=false', 'application/x-ndjson', String.raw`^\{.*"version":2.*\}\n$`],
    [
      'latest=false',
      'latest=false&below=false',
      'application/x-ndjson',
      String.raw`^\{.*"old".*\}\n\{.*"Ann".*\}\n$`,
    ],
    ['from and to', 'from=2001-01-01&to=2002-01-01T00:00:00Z', 'application/x-ndjson', '^$'],
    [
      'filter',
      `filter=${filter({ 'payload.name': 'Bo' })}`,
      'application/x-ndjson',
      String.raw`^\{.*"Bo".*\}\n$`,
    ],
    [
      'select',
      'select=key,name,at.city&below=false',
      'application/x-ndjson',
      String.raw`^\{"key":"a","name":"Ann","at.city":"Oslo"\}\n$`,
    ],
    [
      'format=csv',
      'format=csv&below=false',
      'text/csv',
      `^_key,_created_at,name,n,ok,d,at.city\\na,${time},Ann,1,true,0.5,Oslo\\n$`,
    ],
    [
      'format=sql',
      'format=sql&below=false',
      'application/sql',
      `^CREATE TABLE IF NOT EXISTS "got" \\("_key" TEXT PRIMARY KEY, "_created_at" TIMESTAMPTZ, "name" TEXT, "n" BIGINT, "ok" BOOLEAN, "d" DOUBLE PRECISION, "at" JSONB\\);\\nINSERT INTO "got" .* VALUES\\n\\('a', .*, 'Ann', 1, TRUE, 0.5, '\\{"city":"Oslo"\\}'\\);\\n$`,
    ],
    [
      'format=sql&dialect=mysql',
      'format=sql&dialect=mysql&below=false',
      'application/sql',
      '`_key` VARCHAR\\(256\\) PRIMARY KEY, .*`name` VARCHAR\\(255\\), `n` BIGINT, `ok` TINYINT\\(1\\), `d` DOUBLE, `at` JSON\\)',
    ],
    [
      'format=mongo',
      'format=mongo&below=false',
      'application/javascript',
      String.raw`^db\.got\.insertMany\(\[\n\{"_key":"a",.*\}\n\]\);\n$`,
    ],
    [
      'format=json',
      'format=json',
      'application/json',
      String.raw`^\{"results":\[\n.*\n.*\n\],"count":2\}\n$`,
    ],
  ])('%s', async (_name, query, contentType, text) => {
    const response = await fetch(`${server.url}/export/got?${query}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain(contentType);
    expect(await response.text()).toMatch(new RegExp(text));
  });
});

describe('the README', () => {
  const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
  const section = /\n## In and out\n[^]*?```text\n([^]*?)```/.exec(readme)?.[1] ?? '';
  const commands = section.split('\n').filter((line) => line.startsWith('drops '));

  it('shows imports and exports that work', async () => {
    const database = new sqlite.Database(join(folder, 'shop.sqlite'));
    database.exec(
      "CREATE TABLE customers (id TEXT PRIMARY KEY, name); INSERT INTO customers VALUES ('c1', 'Ann')",
    );
    database.close();
    const backup = new sqlite.Database(join(folder, 'data.db'));
    backup.exec(`CREATE TABLE _collections (name, type, fields); INSERT INTO _collections VALUES ('posts', 'base', '[]');
      CREATE TABLE posts (id TEXT PRIMARY KEY, title); INSERT INTO posts VALUES ('p1', 'Hello')`);
    backup.close();
    file('rows.ndjson', '{"id":"r1"}\n{"id":"r2"}\n');
    writeFileSync(join(folder, 'backup.zip'), zipOf({ 'data.db': readFileSync(join(folder, 'data.db')) }));
    expect(commands.length).toBeGreaterThan(4);
    for (const command of commands) {
      const [words = '', output] = command.replace(/\s+#.*$/, '').split(' > ');
      const argv = words
        .split(/\s+/)
        .slice(1)
        .map((word) => (/\.(\w+)$/.test(word) ? join(folder, word) : word));
      const { code, out, err } = await drops([...argv, '--data', data]);
      expect({ command, code, err }).toEqual({ command, code: 0, err: '' });
      if (output !== undefined) file(output.trim(), out);
    }
    expect(await found('find copy/customers')).toMatchObject({
      results: [{ key: 'c1', payload: { name: 'Ann' } }],
    });
    expect(await found('count blog/posts')).toEqual({ count: 1 });
  });
});

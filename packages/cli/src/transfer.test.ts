import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open, type Engine } from '@drops/engine';
import { listen, type Listening } from '@drops/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

async function found(text: string): Promise<unknown> {
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

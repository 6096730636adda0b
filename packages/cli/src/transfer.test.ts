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

import { describe, expect, it } from 'vitest';
import type { ImportOptions } from '../import-row.js';
import { formatOf, readImport } from './read-import.js';

async function read(
  format: Parameters<typeof readImport>[0],
  text: string,
  options: Partial<ImportOptions> = {},
) {
  const rows: unknown[] = [];
  for await (const row of readImport(format, [text], { now: 0, ...options })) {
    if (row.kind === 'drop') rows.push([row.line, row.key, row.payload]);
    else rows.push([row.line, row.kind === 'expired' ? row.kind : row.reason]);
  }
  return rows;
}

describe('foreign files', () => {
  it('CSV keeps texts exactly and takes the key from its field', async () => {
    const text =
      'id,name,zip,age,ok,address.city\r\nu1,"Ann ""A""\r\nB",007,30,true,Oslo\r\nu2, x ,1.0,,"true",\r\n';
    expect(await read('csv', text, { keyField: 'id' })).toEqual([
      [2, 'u1', { id: 'u1', name: 'Ann "A"\r\nB', zip: '007', age: 30, ok: true, address: { city: 'Oslo' } }],
      [4, 'u2', { id: 'u2', name: ' x ', zip: '1.0', ok: 'true' }],
    ]);
  });

  it('CSV rows that do not fit the header are named', async () => {
    expect(await read('csv', 'a,b\n1\n1,2\n"x"y,2\n"open,1\n2,3\n')).toEqual([
      [2, '1 cells found, 2 as in the header expected'],
      [3, null, { a: 1, b: 2 }],
      [4, 'cell 1 has a quote in its middle'],
      [5, 'a quote opens and never closes'],
    ]);
    expect(await read('csv', 'a,a\n1,2\n')).toEqual([[1, 'the header has the column "a" twice']]);
    expect(await read('csv', 'a,a.b\n1,2\n')).toEqual([
      [2, 'the column a.b holds a value where another column holds one'],
    ]);
  });

  it('NDJSON lines are judged one by one', async () => {
    const lines = [
      '\uFEFF{"id":"a","n":1}',
      '',
      '{"id":',
      '{"id":"b c"}',
      '{"n":2}',
      '[1]',
      'null',
      '{"id":7}\r',
      '{"id":""}',
    ];
    expect(await read('ndjson', lines.join('\n'), { keyField: 'id' })).toEqual([
      [1, 'a', { id: 'a', n: 1 }],
      [3, expect.stringMatching(/^not JSON/)],
      [4, expect.stringMatching(/^the key "b c": a key holds/)],
      [5, 'there is no field id'],
      [6, 'an array found, an object expected'],
      [7, 'null found, an object expected'],
      [8, '7', { id: 7 }],
      [9, 'id is empty, a key expected'],
    ]);
  });

  it('keys are encoded when asked, and only those that are none', async () => {
    const text = '{"id":"b c_é"}\n{"id":"a_b/c"}\n';
    const rows = await read('ndjson', text, { keyField: 'id', encodeKeys: true });
    expect(rows.map((row) => (Array.isArray(row) ? row[1] : row))).toEqual(['b_20c_5F_C3_A9', 'a_b/c']);
  });

  it('JSON arrays give the line of each element, and a cut file is told', async () => {
    const text = '[\n  {"id": "a",\n   "t": "x],[\\""},\n\n  {"id": b},\n  {"id": "c"';
    expect(await read('json', text, { keyField: 'id' })).toEqual([
      [2, 'a', { id: 'a', t: 'x],["' }],
      [5, expect.stringMatching(/^not JSON/)],
      [6, expect.stringMatching(/ends inside/)],
    ]);
  });

  it('SQL that is not ours is rejected by its line', async () => {
    const text =
      'DROP TABLE x;\nINSERT INTO "t" ("_key", "_created_at", "n") VALUES\n(\'a\', \'2026-01-01\', 1),\n(\'b\', now(), 2);\nINSERT INTO "t" ("n") VALUES (1)';
    expect(await read('sql', text)).toEqual([
      [1, 'neither CREATE TABLE nor INSERT INTO'],
      [3, 'a', { n: 1 }],
      [2, expect.stringMatching(/^now found/)],
      [5, null, { n: 1 }],
      [5, 'the file ends before the semicolon of this statement'],
    ]);
  });

  it('life spans and prices of our own drops are judged', async () => {
    const line = (more: string) => `{"route":"r","key":"a","payload":1${more}}`;
    const lines = [
      line(',"expires_at":"2026-02-06T12:00:00.123Z","price":0.5'),
      line(',"expires_at":"2026-02-06T12:00:00.122Z"'),
      line(',"expires_at":"soon"'),
      line(',"expires_at":7'),
      line(',"price":"2"'),
    ];
    const now = Date.parse('2026-02-06T12:00:00.122Z');
    const rows: unknown[] = [];
    for await (const row of readImport('ndjson', [lines.join('\n')], { now })) rows.push(row);
    expect(rows).toEqual([
      { kind: 'drop', line: 1, key: 'a', payload: 1, price: 0.5, expiresAt: now + 1 },
      { kind: 'expired', line: 2 },
      { kind: 'rejected', line: 3, reason: 'expires_at is no time' },
      { kind: 'rejected', line: 4, reason: 'expires_at is no time' },
      { kind: 'rejected', line: 5, reason: 'the price is no number' },
    ]);
  });

  it('a null payload is nothing to write', async () => {
    const text = '{"route":"r","key":"a","payload":null,"created_at":"2026-01-01T00:00:00.000Z"}';
    expect(await read('ndjson', text)).toEqual([[1, 'the payload is null: there is nothing to write']]);
  });
});

it('the format of a file follows from its name, else from its beginning', () => {
  expect(['x.csv', 'x.jsonl', 'x.sql', 'x.js'].map((name) => formatOf(name, ''))).toEqual([
    'csv',
    'ndjson',
    'sql',
    'mongo',
  ]);
  const beginnings = ['[1', ' {"results": [', '{"a":1}', 'CREATE TABLE IF', 'db.users.', 'a,b'];
  expect(beginnings.map((text) => formatOf('-', text))).toEqual([
    'json',
    'json',
    'ndjson',
    'sql',
    'mongo',
    'csv',
  ]);
  expect(formatOf('rows.json', '{"a":1}\n{"a":2}')).toBe('ndjson');
});

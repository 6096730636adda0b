import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { drops } from './io.fixture.js';

const folder = mkdtempSync(join(tmpdir(), 'drops-damage-'));
const data = join(folder, 'data');
let time: Buffer;
let link: Buffer;

beforeAll(async () => {
  const run = async (text: string) => (await drops(['exec', text, '--json', '--data', data])).out;
  await run('save users @first n: 1');
  const saved: unknown = JSON.parse(await run('save users @the-marked-key text: "the marked payload"'));
  const createdAt =
    typeof saved === 'object' && saved && 'created_at' in saved ? String(saved.created_at) : '';
  time = Buffer.alloc(6);
  time.writeUIntBE(Date.parse(createdAt), 0, 6);
  link = Buffer.from(
    /link ([0-9a-f]{64})/.exec((await drops(['verify', '--data', data])).out)?.[1] ?? '',
    'hex',
  );
  await run('save users @last n: 3');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A copy of the data in which one bit of every occurrence of some bytes is turned. */
function damagedCopy(name: string, bytes: Buffer, offset: number): string {
  const copy = join(folder, name);
  cpSync(data, copy, { recursive: true });
  const path = join(copy, 'store.mdb');
  const file = readFileSync(path);
  let count = 0;
  for (let at = file.indexOf(bytes); at !== -1; at = file.indexOf(bytes, at + bytes.length)) {
    file[at + offset] = (file[at + offset] ?? 0) ^ 1;
    count += 1;
  }
  expect(count).toBeGreaterThan(0);
  writeFileSync(path, file);
  return copy;
}

it.each<[string, () => Buffer, number, RegExp]>([
  [
    'payload',
    () => Buffer.from('the marked payload'),
    4,
    /tx 2: users @the-marked-key: payload does not match/,
  ],
  ['key', () => Buffer.from('the-marked-key'), 13, /tx 2 to 2: headers do not match the link/],
  ['time', () => time, 5, /tx 2 to 2: headers do not match the link/],
  ['link', () => link, 31, /tx 2 to 2: headers do not match the link/],
])(
  'verify finds one turned bit in a %s of the file, and names the place',
  async (name, bytes, offset, problem) => {
    const { code, out, err } = await drops(['verify', '--data', damagedCopy(name, bytes(), offset)]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(problem);
    expect((await drops(['verify', '--data', data])).code).toBe(0);
  },
);

it('prove prints one line with the root that verify prints', async () => {
  const { code, out } = await drops(['prove', 'users', '@the-marked-key', '--data', data]);
  expect(code).toBe(0);
  expect(out).toMatch(/^\{.*\}\n$/);
  const proof: unknown = JSON.parse(out);
  expect(proof).toMatchObject({
    route: 'users',
    key: 'the-marked-key',
    body: '{"text":"the marked payload"}',
  });
  const verified = (await drops(['verify', '--data', data])).out;
  expect(verified).toContain(`root ${/"root":"([0-9a-f]{64})"/.exec(out)?.[1] ?? 'none'}\n`);
});

it.each([[['users']], [['users', 'key']], [['users', '@a', 'history']], [['users/*', '@a']], [[]]])(
  'prove %j is wrong usage',
  async (words) => {
    expect(await drops(['prove', ...words, '--data', data])).toMatchObject({ code: 2, out: '' });
  },
);

it('prove says what is not there', async () => {
  const { code, out, err } = await drops(['prove', 'users', '@nobody', '--data', data]);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toContain('NOT_FOUND');
});

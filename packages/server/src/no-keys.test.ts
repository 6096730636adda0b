import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capabilities, open, type Engine } from '@drops/engine';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { endpoints } from './endpoints/index.js';
import { listen, type Listening } from './listen.js';

/** Nobody sends these keys but their owners, and nothing that others get may hold them. */
const owner = 'OwnerOwnerOwnerOwnerOwnerOwnerOwnerOwnerOwn';
const device = 'DeviceDeviceDeviceDeviceDeviceDeviceDeviceD';
const stranger = 'StrangerStrangerStrangerStrangerStrangerStr';
const adminKey = 'AdminAdminAdminAdminAdminAdminAdminAdminAdm';
const adminToken = 'the-token-of-the-administrator';

const data = mkdtempSync(join(tmpdir(), 'drops-no-keys-'));
const told: string[] = [];
let engine: Engine;
let server: Listening;
let subkey = '';

const tell = (thing: unknown): void => void told.push(String(thing instanceof Error ? thing.stack : thing));

async function ask(key: string | null, method: string, path: string, body?: string): Promise<string> {
  const response = await fetch(server.url + path, {
    method,
    headers: { ...(key !== null && { 'x-ocean-key': key }) },
    ...(body !== undefined && { body }),
  });
  return `${JSON.stringify([...response.headers])} ${await response.text()}`;
}

const exec = (key: string | null, text: string) => ask(key, 'POST', '/exec', text);

beforeAll(async () => {
  engine = await open({ data, durability: 'relaxed', adminKeys: [adminKey], onFault: tell, warn: tell });
  server = await listen(engine, { port: 0, adminToken, onFault: tell, warn: tell });
  for (const key of [owner, device, adminKey]) {
    await exec(
      key,
      'save notes @mine text: "a note"; save write public log n: 1; add 1 to notes @mine reads',
    );
    await exec(key, 'save _handles @owner name: "Olga"; find notes where text exists as noted');
    await exec(key, 'define notes fields text: "text required"');
    await exec(key, `save ${key}/private @diary text: "mine"`);
    await ask(key, 'POST', '/drop', '{"route":"hello","key":"k","payload":{"a":1}}');
  }
  await ask(owner, 'POST', '/key/claim', JSON.stringify({ key: device, label: 'Sensor' }));
  await exec(owner, `share team with @${device} can ("query"); save team @_access mode: "protected"`);
  const made = await exec(owner, 'subkey create label: "s" permissions: ("read")');
  subkey = /"key":"(sub_[^"]+)"/.exec(made)?.[1] ?? '';
});
afterAll(async () => {
  await server.close();
  await engine.close();
  rmSync(data, { recursive: true, force: true });
});

const statements = [
  'notes @mine',
  'get notes @mine history',
  'find notes',
  'find notes history',
  'find notes/*',
  'find hello/* as of tx 5',
  'list notes',
  'find notes join hello on text = a',
  'find notes group source count',
  'noted',
  'patterns',
  'context',
  'status notes',
  'status team',
  'team @_access',
  'find team',
  'find _handles',
  'get _handles @owner history',
  'explain find notes',
  'explain analyze find notes',
  'explain access find notes',
  'sql "SELECT * FROM notes"',
  'export notes format ndjson',
  'export notes format sql',
  'save notes @mine text: "theirs"',
  'update notes @mine text: "theirs"',
  'remove notes @mine',
  'undefine noted',
  'save _handles @owner name: "me"',
  'share team with @owner',
  'unshare team from @owner',
  'revoke team',
  'subkey list',
  'subkey "0000000000000000" revoke',
  'webhooks',
  'schedules',
  'find __claims',
  'find __subkeys/*',
  'translate "find notes" to curl',
  'find nothing wher x = 1',
];

const requests: readonly (readonly [string, string, string?])[] = [
  ...statements.map((text) => ['POST', '/exec', text] as const),
  ...statements.map((query) => ['POST', '/exec?a=b', query] as const),
  ['POST', '/query', '{"prefix":"notes","latest":false}'],
  ['POST', '/query', '{"prefix":"hello","group_by":["source"]}'],
  ['POST', '/sql', '{"query":"SELECT * FROM notes"}'],
  ['GET', '/entity/notes?key=mine&history=true'],
  ['GET', '/entity/_handles?key=owner'],
  ['GET', '/export/notes?latest=false'],
  ['GET', '/export/_handles?format=csv'],
  ['GET', '/key/owner/@owner'],
  ['GET', '/key/claimed'],
  ['POST', '/key/claim', '{"key":"x"}'],
  ['POST', '/key/transfer', '{"key":"@owner","to":"@owner"}'],
  ['DELETE', '/key/claim/@owner'],
  ['POST', '/auth/resolve', '{"email":"owner@example.com"}'],
  ['GET', '/auth/verify?token=x'],
  ['GET', '/auth/me'],
  ['GET', '/whoami'],
  ['GET', '/health'],
  ['GET', '/metrics'],
  ['GET', '/openapi.json'],
  ['GET', '/nothing'],
  // Every endpoint at least once, whatever it makes of this.
  ...endpoints.map(
    ({ method, path }) =>
      [method, path.replace(/\*|:\w+/, 'notes'), method === 'POST' ? '{}' : undefined] as const,
  ),
];

it('no answer and no line shows the key of another', async () => {
  expect(subkey).toMatch(/^sub_/);
  expect(capabilities.length).toBeGreaterThan(0);
  const secrets = [owner, device, adminKey, adminToken, subkey, subkey.slice(-43)];
  const found: string[] = [];
  for (const caller of [null, stranger]) {
    for (const [method, path, body] of requests) {
      const answer = await ask(caller, method, path, body);
      if (secrets.some((secret) => answer.includes(secret)))
        found.push(`${method} ${path} ${body ?? ''}: ${answer}`);
    }
  }
  expect(found).toEqual([]);
  expect(told.filter((line) => [...secrets, stranger].some((secret) => line.includes(secret)))).toEqual([]);
}, 120_000);

it('the scan finds a key that is shown', async () => {
  expect(await ask(owner, 'GET', '/whoami')).toContain(owner);
  expect(await ask(owner, 'GET', '/key/claimed')).toContain(device);
});

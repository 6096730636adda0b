import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Identity } from '@drops/access';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine, Reply } from '../engine.js';
import { open } from '../open.js';
import { keyNamed } from './matrix.fixture.js';

const folder = mkdtempSync(join(tmpdir(), 'drops-secret-'));
const ownerKey = keyNamed('owner of the secret');
const owner: Identity = { kind: 'key', key: ownerKey };
const stranger: Identity = { kind: 'key', key: keyNamed('stranger to the secret') };
const anonymous: Identity = { kind: 'anonymous' };

/** Bytes that only the owner may ever see: a text, a number, a counter, a key of an entity, a field, the owner's key. */
const secrets = ['s3cr3t-t3xt', '87654321987', '76543219', 'hidden-entity', 'hidden_field', ownerKey];

const planted = 'text: "s3cr3t-t3xt" n: 87654321987 hidden_field: true ref: "k"';
const routes = [
  'vault',
  'vault/deep',
  'inbox',
  'shared/team/plans',
  'trust/team',
  '__claims',
  'house/cellar',
];

async function plant(engine: Engine): Promise<void> {
  const script = [
    'write public',
    'share vault with @aaaaaaaaaaaa',
    'share inbox with @aaaaaaaaaaaa mode writeonly',
    'share shared/team with @aaaaaaaaaaaa',
    'share house/cellar with @aaaaaaaaaaaa',
    ...['vault', 'vault/deep', 'inbox', 'shared/team/plans', 'house/cellar', `${ownerKey}/notes`].flatMap(
      (route) => [
        `save ${route} @k ${planted}`,
        `save ${route} @hidden-entity ${planted}`,
        `save ${route} ${planted}`,
        `add 76543219 to ${route} @k total`,
      ],
    ),
    'find vault as owners_view',
    'define vault fields text: "text", hidden_field: "boolean"',
  ];
  const { status, body } = await engine.exec(script.join('\n'), { identity: owner });
  if (status !== 200) throw new Error(JSON.stringify(body));
  const open = await engine.exec(
    'save house/hall @k n: 1 ref: "k" text: "seen"\nsave hall @k n: 1 ref: "k"',
    {
      identity: anonymous,
    },
  );
  if (open.status !== 200) throw new Error(JSON.stringify(open.body));
}

const names = [
  'mine',
  'hall',
  'house',
  'house/hall',
  'owners_view',
  'strangers_view',
  'patterns',
  '_views',
  '_indexes',
];
const route = fc.constantFrom(...routes, ...names);
const source = fc.oneof(
  route,
  route.map((path) => `${path}/*`),
);
const key = fc.constantFrom('k', 'a', '_access', 'acl', '"*"');
const field = fc.constantFrom(
  'n',
  'text',
  'total',
  'ref',
  'key',
  'payload.text',
  'route',
  'source',
  'created_at',
  'drop_id',
);
const condition = fc.oneof(
  fc.tuple(field, fc.constantFrom('=', '!=', '>', '<')).map(([f, op]) => `${f} ${op} 1`),
  field.map((f) => `${f} exists`),
  field.map((f) => `not ${f} = "x"`),
  fc.tuple(field, route, field).map(([f, r, g]) => `${f} in (find ${r} then pick ${g})`),
  field.map((f) => `${f} contains "s"`),
);
const clauses = fc.oneof(
  fc.constant(''),
  condition.map((c) => `where ${c}`),
  fc.tuple(route, field, field).map(([r, f, g]) => `join ${r} on ${f} = ${g}`),
  fc.tuple(route, field).map(([r, f]) => `inner join ${r} on ${f} = key`),
  fc.tuple(field, field).map(([f, g]) => `group ${f} max ${g} count`),
  field.map((f) => `sum ${f} min ${f} first ${f} distinct ${f}`),
  field.map((f) => `sort ${f} desc limit 2`),
  fc.constantFrom('history', 'as of tx 10', 'limit 1', 'count'),
);
const pipe = fc.oneof(
  fc.constantFrom(
    '',
    '',
    'then first',
    'then count',
    'then pick *',
    'then remove',
    'then save mine',
    'then save mine @all',
  ),
  field.map((f) => `then pick ${f}`),
  field.map((f) => `then sort ${f}`),
);
const find = fc.tuple(source, clauses, pipe).map((parts) => `find ${parts.join(' ')}`);
const write = fc.oneof(
  fc.tuple(route, key).map(([r, k]) => `save ${r} @${k} n: 2`),
  fc.tuple(route, key).map(([r, k]) => `update ${r} @${k} n: 2`),
  fc.tuple(route, key, field).map(([r, k, f]) => `add 0 to ${r} @${k} ${f}`),
  fc.tuple(route, key).map(([r, k]) => `remove ${r} @${k}`),
  fc.tuple(route, key).map(([r, k]) => `save ${r} @${k} n: 2 if version = 9`),
  fc.tuple(route, key).map(([r, k]) => `bulk (add 0 to ${r} @${k} total, save ${r} @b n: 1)`),
  fc.tuple(route).map(([r]) => `save ${r} @_access {"mode": "protected", "grants": []}`),
  fc.tuple(route).map(([r]) => `share ${r} with @bbbbbbbbbbbb mode protected`),
  fc.tuple(route).map(([r]) => `revoke ${r}`),
  fc.tuple(route).map(([r]) => `define ${r} fields n: "text required"`),
  fc.tuple(route, field).map(([r, f]) => `define ${r} index ${f}`),
  fc.tuple(source, clauses).map(([r, c]) => `find ${r} ${c} as strangers_view`),
);
const other = fc.oneof(
  fc.tuple(route, key).map(([r, k]) => `get ${r} @${k}`),
  fc.tuple(route, key).map(([r, k]) => `get ${r} @${k} history`),
  source.map((r) => `count ${r}`),
  route.map((r) => `list ${r}`),
  route.map((r) => `status ${r}`),
  route.map((r) => `validate ${r} text: 1`),
  route.map((r) => `export ${r} as csv`),
  route.map((r) => `search ${r} "s3cr3t"`),
  route.map((r) => `sql "SELECT * FROM \\"${r}\\""`),
  route.map(
    (r) => `sql "SELECT h.n, v.text FROM \\"house/hall\\" h LEFT JOIN \\"${r}\\" v ON h.ref = v._key"`,
  ),
  fc.constantFrom('context', 'patterns', 'primitives dates { $gte: "2020-01-01" }'),
  fc
    .tuple(fc.constantFrom('explain', 'explain analyze', 'explain access'), find)
    .map((parts) => parts.join(' ')),
  find.map((text) => `translate "${text.replaceAll('"', '\\"')}" to sql`),
);
const statement = fc.oneof(
  { weight: 4, arbitrary: find },
  { weight: 3, arbitrary: write },
  { weight: 3, arbitrary: other },
);

type Act = (engine: Engine, identity: Identity) => Promise<unknown>;

type Stream = Reply | { readonly rows: AsyncIterable<unknown> } | { readonly chunks: AsyncIterable<unknown> };

/** Everything that a stream gives. */
async function whole(stream: Stream | undefined): Promise<unknown> {
  if (stream === undefined || 'body' in stream) return stream;
  const all: unknown[] = [];
  for await (const part of 'rows' in stream ? stream.rows : stream.chunks) all.push(part);
  return all;
}

const act: fc.Arbitrary<{ readonly name: string; readonly run: Act }> = fc.oneof(
  {
    weight: 8,
    arbitrary: statement.map((text) => ({
      name: text,
      run: (e: Engine, identity: Identity) => e.exec(text, { identity }),
    })),
  },
  {
    weight: 4,
    arbitrary: statement.map((text) => ({
      name: `as text: ${text}`,
      run: async (e: Engine, identity: Identity) => e.answer(text, { identity }),
    })),
  },
  find.map((text) => ({
    name: `NDJSON ${text}`,
    run: async (e: Engine, identity: Identity) => whole(await e.stream(text, { identity })),
  })),
  route.map((prefix) => ({
    name: `POST /query ${prefix}`,
    run: (e: Engine, identity: Identity) => e.query({ prefix }, { identity }),
  })),
  fc.tuple(route, key).map(([r, k]) => ({
    name: `GET /entity/${r}?key=${k}`,
    run: (e: Engine, identity: Identity) => e.entity(r, k, { identity, history: true }),
  })),
  route.map((r) => ({
    name: `GET /export/${r}`,
    run: async (e: Engine, identity: Identity) =>
      whole(await e.export({ route: r, below: true, latest: false }, { identity })),
  })),
  fc.tuple(route, key).map(([r, k]) => ({
    name: `POST /drop ${r} ${k}`,
    run: (e: Engine, identity: Identity) => e.drop({ route: r, key: k, payload: { n: 3 } }, { identity }),
  })),
);

const acts = fc.array(fc.tuple(fc.boolean(), act), { minLength: 1, maxLength: 12 });

let engine: Engine;
let replies = 0;
let answered = 0;

beforeAll(async () => {
  engine = await open({ data: folder, durability: 'relaxed' });
  await plant(engine);
});

afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

it('never shows a byte of what only its owner may see, whatever a stranger does', async () => {
  await fc.assert(
    fc.asyncProperty(acts, async (script) => {
      for (const [known, { name, run }] of script) {
        const reply = JSON.stringify(await run(engine, known ? stranger : anonymous)) ?? '';
        replies += 1;
        if (!reply.includes('"error"')) answered += 1;
        const shown = secrets.filter((secret) => reply.includes(secret));
        expect(shown, `${name}\n${reply}`).toEqual([]);
      }
    }),
    { numRuns: 250 },
  );
  console.log(
    `planted secret: ${replies} replies to strangers, ${answered} of them no refusal, none shows it`,
  );
  // The owner still finds all that was planted.
  const { body } = await engine.exec('find vault/*', { identity: owner });
  const seen = JSON.stringify(body);
  for (const secret of secrets.slice(0, 5)) expect(seen).toContain(secret);
  expect(answered).toBeGreaterThan(replies / 10);
}, 120_000);

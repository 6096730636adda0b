import type { Identity } from '@drops/access';
import { getProperty, isArray, isObject, type Json } from '@drops/ir';
import type { Engine, Reply } from '../engine.js';
import { beginning, removal, right, sharing, type Answer, type Caller, type Place } from './model.fixture.js';

/** What may come back: an answer, or of what is left out that it was there or not. */
export type Verdict = Answer | 'left out';

/** Something that a caller tries in a place. */
export interface Deed {
  readonly name: string;
  readonly try: (engine: Engine, identity: Identity, place: Place) => Promise<Verdict>;
  readonly expected: (caller: Caller, place: Place) => Verdict;
}

const free: Place = { route: 'free', zone: 'open' };
const scratch: Place = { route: 'scratch', zone: 'open' };

/** What only somebody hears who got past the gate; STORE_FULL is what the store of the matrix answers to every write. */
const letIn: readonly string[] = ['STORE_FULL', 'NOT_AVAILABLE', 'NOT_FOUND', 'DELETED', 'NO_TEXT_CONTENT'];

function answerOf({ status, body }: Reply): Answer {
  const error = isObject(body) ? getProperty(body, 'error') : undefined;
  const code = isObject(error) ? getProperty(error, 'code') : undefined;
  if (code === 'KEY_REQUIRED' && status === 401) return 'KEY_REQUIRED';
  if (code === 'FORBIDDEN' && status === 403) return 'FORBIDDEN';
  if (code === 'NO_TRUST' && status === 403) return 'NO_TRUST';
  if (code === undefined || (typeof code === 'string' && letIn.includes(code))) return 'yes';
  throw new Error(JSON.stringify(body));
}

/** The first that is no yes. */
const first = (...answers: readonly Answer[]): Answer => answers.find((answer) => answer !== 'yes') ?? 'yes';

type Rule = (caller: Caller, place: Place) => Answer;

const may =
  (permission: string): Rule =>
  (caller, place) =>
    right(caller, place, permission);

/** What a key makes for itself, whatever the place. */
const ofAKey = (caller: Caller): Answer => (caller.as === null && !caller.admin ? 'KEY_REQUIRED' : 'yes');

function statement(name: string, text: (route: string) => string, expected: Rule): Deed {
  return {
    name,
    try: async (engine, identity, { route }) => answerOf(await engine.exec(text(route), { identity })),
    expected,
  };
}

function rowsOf({ body }: Reply): readonly Json[] {
  const rows = isObject(body) ? getProperty(body, 'results') : undefined;
  return isArray(rows) ? rows : [];
}

/** What comes of a place that is read for the sake of a main one. */
const aside =
  (permission: string, main: Place | undefined) =>
  (caller: Caller, place: Place): Verdict => {
    const own = main ? right(caller, main, permission) : 'yes';
    if (own !== 'yes') return own;
    const there = right(caller, place, permission);
    const byName = place.zone === 'system' || place.zone === 'trust';
    const never = caller.limits !== undefined && !caller.limits.can.includes(permission);
    return there === 'yes' || byName || never ? there : 'left out';
  };

/** Reads a place for the sake of another route: what may not be read is left out, but routes refused by name. */
function sideways(
  name: string,
  text: (route: string, index: number) => string,
  shows: (rows: readonly Json[]) => boolean,
  main: Place | undefined,
): (index: (place: Place) => number) => Deed {
  return (index) => ({
    name,
    async try(engine, identity, place) {
      const reply = await engine.exec(text(place.route, index(place)), { identity });
      const answer = answerOf(reply);
      return answer === 'yes' && !shows(rowsOf(reply)) ? 'left out' : answer;
    },
    expected: aside('query', main),
  });
}

const list = '{"mode": "protected", "grants": []}';

/** Every way to get at a place that this server has. `index` numbers the places: each has a view of that number. */
export function deeds(index: (place: Place) => number): readonly Deed[] {
  const query = may('query');
  const drop = may('drop');
  return [
    statement('get', (r) => `get ${r} @k`, may('entity')),
    endpoint('get as text', (e, identity, r) => asText(e, identity, `get ${r} @k`), may('entity')),
    endpoint('find as text', (e, identity, r) => asText(e, identity, `find ${r} sort n limit 1`), query),
    statement('bare get', (r) => `${r} @k`, may('entity')),
    statement('get history', (r) => `get ${r} @k history`, may('entity')),
    statement('get as of', (r) => `get ${r} @k as of tx 1`, may('entity')),
    statement('get the list', (r) => `get ${r} @_access`, may('entity')),
    statement('find', (r) => `find ${r}`, query),
    statement('bare find', (r) => `${r} where n = 1`, query),
    statement('find history', (r) => `find ${r} history`, query),
    statement('find as of', (r) => `find ${r} as of tx 1`, query),
    statement('find below', (r) => `find ${r}/*`, query),
    statement('list', (r) => `list ${r}`, query),
    statement('count', (r) => `count ${r}`, query),
    statement('count where', (r) => `count ${r} where n = 1`, query),
    statement('aggregate', (r) => `find ${r} sum n max text`, query),
    statement('group', (r) => `find ${r} group text count`, query),
    statement('distinct', (r) => `find ${r} distinct text`, query),
    statement('first', (r) => `find ${r} then first`, query),
    statement('status', (r) => `status ${r}`, query),
    statement('validate', (r) => `validate ${r} n: 1`, query),
    statement('explain', (r) => `explain find ${r}`, query),
    statement('explain analyze', (r) => `explain analyze find ${r}`, query),
    statement(
      'explain access',
      (r) => `explain access find ${r}`,
      () => 'yes',
    ),
    statement('translate', (r) => `translate "find ${r}" to sql`, query),
    statement('search', (r) => `search ${r} "lamp"`, may('search')),
    statement('sql', (r) => `sql "SELECT n FROM ""${r}"""`.replaceAll('""', '\\"'), may('sql')),
    statement('export', (r) => `export ${r} as csv`, may('export')),
    statement(
      'a hook',
      (r) => `when ${r} changes call "https://example.com/hook"`,
      (caller, place) => first(right(caller, place, 'stream'), ofAKey(caller)),
    ),
    statement('run', (r) => `run ${r}`, may('entity')),
    statement('save', (r) => `save ${r} @k n: 2`, drop),
    statement('save something new', (r) => `save ${r} @fresh n: 2`, beginning),
    statement('save public', (r) => `save public ${r} @k n: 2`, drop),
    statement('append', (r) => `save ${r} n: 2`, beginning),
    statement('save if version', (r) => `save ${r} @k n: 2 if version = 1`, drop),
    statement('update', (r) => `update ${r} @k n: 2`, drop),
    statement('add', (r) => `add 1 to ${r} @k n`, drop),
    statement('remove', (r) => `remove ${r} @k`, removal),
    statement('save null', (r) => `save ${r} @k null`, removal),
    statement(
      'bulk',
      (r) => `bulk (save scratch @a n: 1, save ${r} @k n: 2)`,
      (c, p) => first(right(c, scratch, 'drop'), right(c, p, 'drop')),
    ),
    statement(
      'bulk remove',
      (r) => `bulk (save scratch @a n: 1, remove ${r} @k)`,
      (c, p) => first(right(c, scratch, 'drop'), removal(c, p)),
    ),
    statement(
      'then remove',
      (r) => `find ${r} then remove`,
      (c, p) => first(right(c, p, 'query'), removal(c, p)),
    ),
    statement(
      'then save elsewhere',
      (r) => `find ${r} then save scratch`,
      (c, p) => first(right(c, p, 'query'), right(c, scratch, 'drop')),
    ),
    statement(
      'then save all elsewhere',
      (r) => `find ${r} then save scratch @all`,
      (c, p) => first(right(c, p, 'query'), right(c, scratch, 'drop')),
    ),
    statement(
      'then save here',
      (r) => `find free then save ${r}`,
      (c, p) => first(right(c, free, 'query'), right(c, p, 'drop')),
    ),
    statement('define', (r) => `define ${r} fields n: "number"`, beginning),
    statement('define an index', (r) => `define ${r} index n`, beginning),
    statement('share', (r) => `share ${r} with @aaaaaaaaaaaa`, sharing),
    statement('grant', (r) => `grant ${r} to @aaaaaaaaaaaa shared`, sharing),
    statement('unshare', (r) => `unshare ${r} from @aaaaaaaaaaaa`, sharing),
    statement('revoke', (r) => `revoke ${r}`, sharing),
    statement(
      'write the list',
      (r) => `save ${r} @_access ${list}`,
      (c, p) => first(beginning(c, p), p.zone === 'trust' ? no(c) : sharing(c, p)),
    ),
    statement(
      'remove the list',
      (r) => `remove ${r} @_access`,
      (c, p) =>
        first(
          p.zone === 'internal' ? beginning(c, p) : removal(c, p),
          p.zone === 'trust' ? no(c) : sharing(c, p),
        ),
    ),
    {
      name: 'get from a view',
      async try(engine, identity, place) {
        const reply = await engine.exec(`get view_${index(place)} @k`, { identity });
        const answer = answerOf(reply);
        return answer === 'yes' && reply.status === 404 ? 'left out' : answer;
      },
      expected: aside('entity', undefined),
    },
    ...[
      sideways(
        'join',
        (r) => `find free inner join ${r} on ref = key`,
        (rows) => rows.length > 0,
        free,
      ),
      sideways('left join', (r) => `find free join ${r} on ref = key`, joined, free),
      sideways(
        'join by a field',
        (r) => `find free inner join ${r} on n = n`,
        (rows) => rows.length > 0,
        free,
      ),
      sideways(
        'in a query',
        (r) => `find free where ref in (find ${r} then pick key)`,
        (rows) => rows.length > 0,
        free,
      ),
      sideways(
        'view',
        (_, i) => `find view_${i}`,
        (rows) => rows.length > 0,
        undefined,
      ),
      sideways(
        'view of counts',
        (_, i) => `find counts_${i}`,
        (rows) => rows.length > 0,
        undefined,
      ),
    ].map((make) => make(index)),
    endpoint('POST /query', (e, identity, route) => e.query({ route }, { identity }), query),
    endpoint('POST /query below', (e, identity, prefix) => e.query({ prefix }, { identity }), query),
    endpoint(
      'POST /query group',
      (e, identity, route) => e.query({ route, group_by: ['payload.text'] }, { identity }),
      query,
    ),
    endpoint(
      'POST /sql',
      (e, identity, r) => e.sql({ query: `SELECT count(*) FROM "${r}"` }, { identity }),
      may('sql'),
    ),
    endpoint('GET /entity', (e, identity, route) => e.entity(route, 'k', { identity }), may('entity')),
    endpoint(
      'GET /entity history',
      (e, identity, route) => e.entity(route, 'k', { identity, history: true }),
      may('entity'),
    ),
    endpoint(
      'POST /drop',
      (e, identity, route) => e.drop({ route, key: 'k', payload: 1 }, { identity, generateKeypair: false }),
      (c, p) => (c.as === null && c.admin !== true ? 'KEY_REQUIRED' : right(c, p, 'drop')),
    ),
    endpoint(
      'POST /drop null',
      (e, identity, route) =>
        e.drop({ route, key: 'k', payload: null }, { identity, generateKeypair: false }),
      (c, p) => (c.as === null && c.admin !== true ? 'KEY_REQUIRED' : removal(c, p)),
    ),
    endpoint(
      'import',
      (e, identity, route) => e.write(route, [{ key: 'k', payload: 1 }], { identity }),
      drop,
    ),
    streamed('NDJSON', (e, identity, route) => e.stream(`find ${route}`, { identity }), query),
    streamed(
      'GET /export',
      (e, identity, route) => e.export({ route, below: false, latest: true }, { identity }),
      may('export'),
    ),
    streamed(
      'GET /export below',
      (e, identity, route) => e.export({ route, below: true, latest: true }, { identity }),
      may('export'),
    ),
    streamed(
      'GET /export of all versions',
      (e, identity, route) => e.export({ route, below: false, latest: false }, { identity }),
      may('export'),
    ),
  ];
}

const no = (caller: Caller): Answer =>
  caller.admin ? 'yes' : caller.as === null ? 'KEY_REQUIRED' : 'FORBIDDEN';

const joined = (rows: readonly Json[]): boolean =>
  rows.some((row) => isObject(row) && getProperty(row, '_joined') !== undefined);

/** The reply as the server sends it, put together from stored texts where it can be. */
async function asText(engine: Engine, identity: Identity, text: string): Promise<Reply> {
  const reply = await engine.answer(text, { identity });
  return 'text' in reply ? { status: reply.status, body: JSON.parse(reply.text) } : reply;
}

function endpoint(
  name: string,
  call: (engine: Engine, identity: Identity, route: string) => Promise<Reply>,
  expected: Rule,
): Deed {
  return {
    name,
    try: async (engine, identity, { route }) => answerOf(await call(engine, identity, route)),
    expected,
  };
}

type Stream = Reply | { readonly rows: AsyncIterable<unknown> } | { readonly chunks: AsyncIterable<unknown> };

function streamed(
  name: string,
  call: (engine: Engine, identity: Identity, route: string) => Promise<Stream | undefined>,
  expected: Rule,
): Deed {
  return {
    name,
    async try(engine, identity, { route }) {
      const stream = await call(engine, identity, route);
      if (stream === undefined) throw new Error(`${name} does not stream`);
      if ('body' in stream) return answerOf(stream);
      const parts = 'rows' in stream ? stream.rows : stream.chunks;
      for await (const part of parts) if (part === undefined) throw new Error('an empty part');
      return 'yes';
    },
    expected,
  };
}

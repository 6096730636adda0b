import { fail, type Json } from '@drops/diagnostics';
import type { Engine, ExecOptions, Reply } from '@drops/engine';

/** What a call said, with its identity: enough to see what the HTTP layer handed on. */
function echo(call: string, input: Json, options: ExecOptions = {}): Reply {
  const { identity, params, vector, onError } = options;
  return {
    status: 200,
    body: {
      call,
      input,
      caller: identity?.kind ?? 'none',
      ...(params !== undefined && { params }),
      ...(vector !== undefined && { vector }),
      ...(onError !== undefined && { on_error: onError }),
    },
  };
}

async function* count(to: number, closed: () => void): AsyncGenerator<Json> {
  try {
    for (let n = 0; n < to; n += 1) yield { n, filler: 'x'.repeat(100) };
  } finally {
    closed();
  }
}

async function* failing(after: number): AsyncGenerator<Json> {
  for (let n = 0; n < after; n += 1) yield { n };
  fail('QUERY_TOO_COMPLEX', 'enough');
}

async function* brokenChunks(closed: () => void): AsyncGenerator<string> {
  try {
    yield 'one\n';
    fail('QUERY_TOO_COMPLEX', 'enough');
  } finally {
    closed();
  }
}

export interface FakeEngine extends Engine {
  /** Streams that were ended before or at their end. */
  closedStreams: number;
  /** Of each `wait` that is over, whether its caller was gone. */
  readonly waits: boolean[];
}

/**
 * An engine that answers with what it was asked, so that tests of the HTTP layer see only that layer.
 * `rows N` streams N rows, `fail after N` fails behind the N-th; `fault` throws what is no error of the user's.
 */
export function fakeEngine(): FakeEngine {
  const engine: FakeEngine = {
    closedStreams: 0,
    waits: [],
    async exec(text, options) {
      if (text === 'fault') throw new Error('a secret of the server');
      if (text === 'wait') {
        await new Promise((resolve) => setTimeout(resolve, 300));
        engine.waits.push(options?.signal?.aborted ?? false);
      }
      if (text === 'missing')
        return { status: 404, body: { error: { code: 'NOT_FOUND', message: 'm', status: 404 } } };
      return echo('exec', text.length > 100 ? text.length : text, options);
    },
    async answer(text, options) {
      const { status, body } = await engine.exec(text, options);
      return { status, text: JSON.stringify(body) };
    },
    async stream(text) {
      const rows = /^rows (\d+)$/.exec(text);
      if (rows) return { status: 200, rows: count(Number(rows[1]), () => (engine.closedStreams += 1)) };
      const fails = /^fail after (\d+)$/.exec(text);
      if (fails) return { status: 200, rows: failing(Number(fails[1])) };
      return undefined;
    },
    query: async (body, options) => echo('query', body, options),
    search: async (body, options) => echo('search', body, options),
    primitives: async (body, options) => echo('primitives', body, options),
    sql: async (body, options) => echo('sql', body, options),
    drop: async (body, options) =>
      echo('drop', [body, { keypair: options?.generateKeypair ?? null }], options),
    async entity(route, key, options) {
      const { history, at } = options ?? {};
      return echo('entity', { route, key: key ?? null, history: history ?? null, at: at ?? null }, options);
    },
    async export(request, options) {
      if (request.format === 'broken') {
        return {
          status: 200,
          contentType: 'text/plain',
          chunks: brokenChunks(() => (engine.closedStreams += 1)),
        };
      }
      return echo('export', JSON.parse(JSON.stringify(request)), options);
    },
    write: async (route, drops, options) => echo('write', [route, drops.length], options),
    load: async ({ count }, options) => echo('load', count, options),
    invoke: async ({ arguments: given, ...call }, options) =>
      echo('invoke', { ...call, arguments: Object.fromEntries(given) }, options),
    identify(credential) {
      if (credential === null) return { identity: { kind: 'anonymous' }, mustSign: false };
      if (!/^[A-Za-z0-9_-]{43}$/.test(credential))
        fail('INVALID_KEY', 'the key of the caller is no key', { status: 401 });
      return { identity: { kind: 'key', key: credential }, mustSign: false };
    },
    admitOnce: async () => undefined,
    vocabulary: async () => ({ routes: [], views: [], fields: async () => [] }),
    lookForCommits: () => undefined,
    keyMadeElsewhere: () => undefined,
    settled: async () => undefined,
    space: () => ({ pages: 10, freePages: 3, oldestReader: 0 }),
    close: async () => undefined,
  };
  return engine;
}

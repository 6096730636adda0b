import {
  loadSqlParser,
  lowerInvocation,
  lowerJsonPrimitives,
  lowerJsonQuery,
  lowerJsonSearch,
  lowerSql,
  type Invocation,
} from '@drops/analyzer';
import { capabilityOf, generateKeypair } from '@drops/capabilities';
import { checkKey, checkRoute, fail, type Span } from '@drops/diagnostics';
import { getProperty, isObject, storableJson, type Json, type JsonObject, type Plan } from '@drops/ir';
import type { Definitions, Snapshot } from '@drops/store';
import { callerOf } from './caller.js';
import { catalogOf } from './catalog.js';
import type { ExecOptions, Reply } from './engine.js';
import { gate } from './gate.js';
import type { Host } from './host.js';
import { runOnce } from './idempotency.js';
import { perform } from './perform.js';
import { compiled } from './prepare.js';
import { failure, soleReply, success } from './reply.js';

/** Plans from JSON bodies have no text to point into. */
const nowhere: Span = { start: 0, end: 0 };

/** Runs a plan that came by another door than text: the same gate, the same run, the same reply. */
async function runPlan(
  host: Host,
  options: ExecOptions,
  build: (definitions: Definitions) => Plan,
  text?: string,
): Promise<Reply> {
  const caller = callerOf(options);
  let snapshot: Snapshot | undefined;
  try {
    snapshot = await host.store.snapshot();
    const plan = build(snapshot.definitions);
    const statement = compiled(plan, catalogOf(snapshot.definitions), [], () => '');
    const pass = await gate(host, snapshot, { identity: caller.identity, plan, effects: statement.effects });
    return soleReply(success(await perform(host, snapshot, statement, caller, pass), []));
  } catch (thrown) {
    return soleReply(failure(host, thrown, text));
  } finally {
    snapshot?.release();
  }
}

function bodyObject(body: Json): JsonObject {
  if (isObject(body)) return body;
  return fail('INVALID_BODY', 'the body must be a JSON object');
}

/** POST /query: the JSON form of find. */
export function runJsonQuery(host: Host, body: Json, options: ExecOptions): Promise<Reply> {
  return runPlan(
    host,
    options,
    (definitions) => lowerJsonQuery(bodyObject(body), catalogOf(definitions)).plan,
  );
}

/** POST /search: the JSON form of search. */
export function runJsonSearch(host: Host, body: Json, options: ExecOptions): Promise<Reply> {
  return runPlan(
    host,
    options,
    (definitions) => lowerJsonSearch(bodyObject(body), catalogOf(definitions)).plan,
  );
}

/** POST /primitives: the JSON form of primitives. */
export function runJsonPrimitives(host: Host, body: Json, options: ExecOptions): Promise<Reply> {
  return runPlan(
    host,
    options,
    (definitions) => lowerJsonPrimitives(bodyObject(body), catalogOf(definitions)).plan,
  );
}

/** POST /sql: one SELECT. Errors point into its text. */
export async function runSql(host: Host, body: Json, options: ExecOptions): Promise<Reply> {
  await loadSqlParser();
  const query = isObject(body) ? getProperty(body, 'query') : undefined;
  const text = typeof query === 'string' ? query : undefined;
  return runPlan(
    host,
    options,
    (definitions) => {
      if (text === undefined) return fail('INVALID_BODY', 'the body is { "query": "SELECT …" }');
      const context = { catalog: catalogOf(definitions), warn: () => undefined };
      return lowerSql(text, { start: 0, end: text.length }, (offset) => offset, context);
    },
    text,
  );
}

function optionalNumber(body: JsonObject, name: string): number | undefined {
  const value = getProperty(body, name);
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && value >= 0) return value;
  return fail('TYPE_ERROR', `${name} must be a number that is not negative`);
}

function requireRoute(route: string): void {
  const fault = checkRoute(route);
  if (fault) fail('INVALID_ROUTE', fault.message);
}

function requireKey(key: string): void {
  const fault = checkKey(key);
  if (fault) fail('INVALID_KEY', fault.message);
}

/** The plan of POST /drop: a save, or a removal when the payload is null. */
function dropPlan(body: JsonObject): Plan {
  const route = getProperty(body, 'route');
  if (route === undefined || route === null) return fail('ROUTE_REQUIRED', 'the body needs a route');
  if (typeof route !== 'string') return fail('INVALID_ROUTE', 'the route must be a text');
  requireRoute(route);
  const key = getProperty(body, 'key') ?? null;
  if (key !== null && typeof key !== 'string') return fail('INVALID_KEY', 'the key must be a text');
  if (key !== null) requireKey(key);
  const payload = getProperty(body, 'payload');
  if (payload === undefined) return fail('INVALID_BODY', 'the body needs a payload');
  if (payload === null) {
    if (key === null) return fail('KEY_REQUIRED', 'a null payload removes an entity: it needs a key');
    return { kind: 'Delete', route, key, span: nowhere };
  }
  const ttl = optionalNumber(body, 'keep');
  const price = optionalNumber(body, 'price');
  return {
    kind: 'Put',
    route,
    ...(key !== null && { key }),
    payload: { kind: 'Lit', value: storableJson(payload), span: nowhere },
    mode: key === null ? 'append' : 'replace',
    ...(ttl !== undefined && { ttl }),
    ...(price !== undefined && { price }),
    open: true,
    span: nowhere,
  };
}

export interface DropOptions extends ExecOptions {
  /** False: an anonymous caller gets KEY_REQUIRED instead of a keypair. */
  readonly generateKeypair?: boolean;
}

/**
 * POST /drop. An anonymous caller gets a new keypair, returned this once and kept nowhere; its public half
 * is the writer.
 */
export async function runDrop(host: Host, body: Json, options: DropOptions): Promise<Reply> {
  const { idempotencyKey } = options;
  if (idempotencyKey === undefined) return writeDrop(host, body, options);
  const { identity } = callerOf(options);
  const write = () => writeDrop(host, body, options);
  return runOnce(host, identity, idempotencyKey, JSON.stringify(body), write, withoutKeypair);
}

/** The private half of a new key is told once and kept nowhere. */
function withoutKeypair({ status, body }: Reply): Reply {
  if (!isObject(body)) return { status, body };
  const { keypair: _keypair, ...rest } = body;
  return { status, body: rest };
}

async function writeDrop(host: Host, body: Json, options: DropOptions): Promise<Reply> {
  if (options.identity?.kind !== 'anonymous') {
    return runPlan(host, options, () => dropPlan(bodyObject(body)));
  }
  if (options.generateKeypair === false) {
    const refusal = () =>
      fail('KEY_REQUIRED', 'a drop without a keypair needs the key of its writer', { status: 401 });
    return runPlan(host, options, refusal);
  }
  const { address } = options;
  try {
    host.keyGenerations.count(address);
  } catch (thrown) {
    return soleReply(failure(host, thrown));
  }
  const keypair = generateKeypair();
  const identity = { kind: 'key', key: keypair.public } as const;
  const reply = await runPlan(host, { ...options, identity }, () => dropPlan(bodyObject(body)));
  if (reply.status === 200 && isObject(reply.body)) {
    host.keyGenerations.given(address);
    return { ...reply, body: { ...reply.body, keypair: { ...keypair } } };
  }
  host.keyGenerations.giveBack(address);
  return reply;
}

/** GET /entity/R?key=…: one entity, all its versions, or the one that was current at a time. */
export function runEntity(
  host: Host,
  route: string,
  key: string | undefined,
  options: ExecOptions & { readonly history?: boolean; readonly at?: string },
): Promise<Reply> {
  return runPlan(host, options, () => {
    requireRoute(route);
    if (key === undefined || key === '') return fail('KEY_REQUIRED', 'the query string needs key=…');
    requireKey(key);
    return entityPlan(route, key, options);
  });
}

function entityPlan(route: string, key: string, options: { history?: boolean; at?: string }): Plan {
  const span = nowhere;
  const versions = options.history === true ? 'history' : 'current';
  const asOf = options.at === undefined ? {} : { asOf: { kind: 'Time', at: options.at, span } as const };
  const scan = { kind: 'Scan', route, subtree: false, versions, rows: 'all', ...asOf, span } as const;
  const field = { kind: 'Field', scope: 'system', path: ['key'], type: 'text', span } as const;
  const predicate = {
    kind: 'Cmp',
    op: '=',
    left: field,
    right: { kind: 'Lit', value: key, span },
    span,
  } as const;
  const input = { kind: 'Filter', input: scan, predicate, span } as const;
  if (options.history === true) return { kind: 'Query', shape: 'versions', relation: input, span };
  const relation = { kind: 'Slice', input, offset: 0, limit: 1, single: true, paged: false, span } as const;
  return { kind: 'Query', shape: 'drop', relation, span };
}

/** A capability called by its HTTP route or by a program: the same gate and the same handler as its sentence. */
export async function runInvoke(host: Host, call: Invocation, options: ExecOptions): Promise<Reply> {
  const run = () => runPlan(host, options, () => lowerInvocation(call, { capability: capabilityOf }));
  const { idempotencyKey } = options;
  if (idempotencyKey === undefined) return run();
  return runOnce(host, callerOf(options).identity, idempotencyKey, JSON.stringify(call), run);
}

import {
  walk,
  type CapabilitySignature,
  type Json,
  type Plan,
  type Put,
  type Query,
  type Scan,
} from '@drops/ir';
import { unsupported } from '../unsupported.js';
import type { FidelityLog } from '../fidelity.js';
import type { HttpRequest } from './http-request.js';
import { toJsonQuery } from './json-query.js';
import { toJsonSearch } from './json-search.js';
import { serviceRequest } from './service-request.js';

/** What a request is made from besides the plan. */
export interface RequestOptions {
  /** The canonical text of the statement, for what only `POST /exec` does. */
  readonly source?: string;
  /** Values of the parameters in that text. */
  readonly params?: ReadonlyMap<string, Json>;
  readonly capability?: (service: string, verb: string) => CapabilitySignature | undefined;
}

/**
 * The request that gives what the statement gives: the endpoint of its own where one does exactly that,
 * else `POST /exec` with its text. Writes go through `/exec` because `/drop` gives a caller without a key a new one.
 */
export function buildRequest(plan: Plan, options: RequestOptions, log: FidelityLog): HttpRequest {
  const own = hasParameters(plan) ? undefined : ownEndpoint(plan, options);
  if (own) return own;
  const { source } = options;
  if (source !== undefined && source !== '') return execRequest(source, options.params);
  const dropped = plan.kind === 'Put' ? dropRequest(plan) : undefined;
  if (dropped) {
    log.approximate('a caller without a key is given one');
    return dropped;
  }
  return unsupported('HTTP', 'this statement', 'only its text does, and there is none', plan.span);
}

function hasParameters(plan: Plan): boolean {
  return !walk(plan, (node) => (node.kind === 'Param' ? 'stop' : undefined));
}

function ownEndpoint(plan: Plan, options: RequestOptions): HttpRequest | undefined {
  if (plan.kind === 'Invoke') {
    const signature = options.capability?.(plan.service, plan.verb);
    return signature && serviceRequest(plan, signature);
  }
  return plan.kind === 'Query' ? queryRequest(plan) : undefined;
}

function queryRequest(query: Query): HttpRequest | undefined {
  if (query.shape === 'drop' || query.shape === 'versions') return entityRequest(query);
  const search = toJsonSearch(query);
  if (search) return post('/search', search);
  const request = query.shape === 'rows' ? toJsonQuery(query.relation) : undefined;
  return request && post(request.path, request.body);
}

function post(path: string, body: Json): HttpRequest {
  return { method: 'POST', path, body: { type: 'application/json', text: JSON.stringify(body) } };
}

/** `GET /entity/R?key=…` for a get. */
function entityRequest({ shape, relation }: Query): HttpRequest | undefined {
  const filter = relation.kind === 'Slice' && relation.single ? relation.input : relation;
  if (filter.kind !== 'Filter' || filter.input.kind !== 'Scan') return undefined;
  const { predicate, input } = filter;
  if (predicate.kind !== 'Cmp' || predicate.op !== '=' || predicate.right.kind !== 'Lit') return undefined;
  const key = predicate.right.value;
  const isKey =
    predicate.left.kind === 'Field' && predicate.left.scope === 'system' && predicate.left.path[0] === 'key';
  if (!isKey || typeof key !== 'string') return undefined;
  const when = timeOf(input, shape);
  if (when === undefined) return undefined;
  const route = input.route.split('/').map(encodeURIComponent).join('/');
  return { method: 'GET', path: `/entity/${route}?key=${encodeURIComponent(key)}${when}` };
}

/** `&history=true`, `&at=…`, or nothing to add; undefined for what the endpoint does not do. */
function timeOf(scan: Scan, shape: Query['shape']): string | undefined {
  const history = shape === 'versions';
  if (scan.subtree || (scan.versions === 'history') !== history) return undefined;
  if (!scan.asOf) return history ? '&history=true' : '';
  const at = scan.asOf.kind === 'Time' && !history ? scan.asOf.at : undefined;
  return typeof at === 'string' ? `&at=${encodeURIComponent(at)}` : undefined;
}

function execRequest(source: string, params: ReadonlyMap<string, Json> | undefined): HttpRequest {
  if (params && params.size > 0) return post('/exec', { query: source, params: Object.fromEntries(params) });
  // No argument of a command can hold a NUL; JSON writes it as an escape.
  if (source.includes('\0')) return post('/exec', { query: source });
  return { method: 'POST', path: '/exec', body: { type: 'text/plain', text: source } };
}

/** `POST /drop` for a plain save; undefined for what it does not do. */
function dropRequest(put: Put): HttpRequest | undefined {
  const { route, key, payload, ttl, price, mode } = put;
  if (mode === 'merge' || put.condition || put.open || payload.kind !== 'Lit') return undefined;
  if (typeof key === 'object' || typeof ttl === 'object' || typeof price === 'object') return undefined;
  return post('/drop', {
    route,
    ...(key !== undefined && { key }),
    payload: payload.value,
    ...(ttl !== undefined && { keep: ttl }),
    ...(price !== undefined && { price }),
  });
}

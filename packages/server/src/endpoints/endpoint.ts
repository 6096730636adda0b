import { fail } from '@drops/diagnostics';
import type { Engine, ExecOptions, Identity } from '@drops/engine';
import type { Context } from 'hono';
import { identify } from '../identity.js';
import { queryOf } from '../http/query-string.js';

/** What the endpoints work with. */
export interface Services {
  readonly engine: Engine;
  readonly adminToken: string | undefined;
  /** Open connections, for /health and /metrics. */
  readonly activeConnections: () => number;
  /** Requests that came in since the start, for /metrics. */
  readonly requests: () => number;
  /** How writes are acknowledged, for /health. */
  readonly durability: 'full' | 'relaxed';
  /** Which of several processes this is; undefined when it is the only one. */
  readonly worker: { readonly id: number; readonly of: number } | undefined;
  /** Told of faults of ours; replies never show them. */
  readonly onFault: (fault: unknown) => void;
}

/** A query parameter, as /openapi.json describes it. */
export interface Parameter {
  readonly name: string;
  readonly description: string;
  readonly required?: boolean;
}

/** One door of the server: what it answers to, and what /openapi.json says about it. */
export interface Endpoint {
  readonly method: 'GET' | 'POST';
  /** As the router takes it; `*` at the end stands for a route. */
  readonly path: string;
  readonly summary: string;
  readonly parameters?: readonly Parameter[];
  /** Media types of the request body. */
  readonly accepts?: readonly string[];
  /** Media types of the reply. */
  readonly replies?: readonly string[];
  /** `key`: X-Ocean-Key or ?key=; `header`: X-Ocean-Key alone; `open`: never looked at. */
  readonly identity: 'key' | 'header' | 'open';
  handle(c: Context, services: Services): Response | Promise<Response>;
}

/** The caller, from `X-Ocean-Key` or, where the endpoint takes it, `?key=`. */
export function callerOf(c: Context, services: Services, from: 'key' | 'header'): Identity {
  const header = c.req.raw.headers.get('x-ocean-key');
  const credential = header ?? (from === 'key' ? queryOf(c.req.url).get('key') : null);
  return identify(credential, services.adminToken);
}

/** Longest token that is taken; longer ones are an attack or a slip. */
const maxIdempotencyKey = 255;

/** The header `Idempotency-Key` of a request as an engine option (IETF draft-ietf-httpapi-idempotency-key-header). */
export function idempotencyOf(token: string | null | undefined): Pick<ExecOptions, 'idempotencyKey'> {
  if (token === null || token === undefined) return {};
  if (token.length > 0 && token.length <= maxIdempotencyKey) return { idempotencyKey: token };
  fail('INVALID_BODY', `Idempotency-Key has ${token.length} characters, 1 to ${maxIdempotencyKey} expected`);
}

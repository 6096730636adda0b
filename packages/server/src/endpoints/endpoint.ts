import { fail } from '@drops/diagnostics';
import type { ExecOptions } from '@drops/engine';
import type { Context } from 'hono';
import type { Services } from '../services.js';

/** A query parameter, as /openapi.json describes it. */
export interface Parameter {
  readonly name: string;
  readonly description: string;
  readonly required?: boolean;
}

/** Who sends a request, and from where: a part of the options of every call of the engine. */
export type Requester = Required<Pick<ExecOptions, 'identity'>> & Pick<ExecOptions, 'address'>;

/** One door of the server: what it answers to, and what /openapi.json says about it. */
export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** As the router takes it: `:name` is a segment, `*` at the end stands for a route. */
  readonly path: string;
  readonly summary: string;
  readonly parameters?: readonly Parameter[];
  /** Media types of the request body. */
  readonly accepts?: readonly string[];
  /** Media types of the reply. */
  readonly replies?: readonly string[];
  /** `key`: X-Ocean-Key or ?key=; `header`: X-Ocean-Key alone; `open`: never looked at. */
  readonly identity: 'key' | 'header' | 'open';
  handle(c: Context, services: Services, requester: Requester): Response | Promise<Response>;
}

/** Longest token that is taken; longer ones are an attack or a slip. */
const maxIdempotencyKey = 255;

/** The header `Idempotency-Key` of a request as an engine option (IETF draft-ietf-httpapi-idempotency-key-header). */
export function idempotencyKeyOf(token: string | null | undefined): string | undefined {
  if (token === null || token === undefined) return undefined;
  if (token.length > 0 && token.length <= maxIdempotencyKey) return token;
  fail('INVALID_BODY', `Idempotency-Key has ${token.length} characters, 1 to ${maxIdempotencyKey} expected`);
}

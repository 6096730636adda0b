import { fail, type Json, type JsonObject } from '@drops/diagnostics';
import type { ExecOptions } from '@drops/engine';
import {
  checkStatementSize,
  isObject,
  jsonBody,
  jsonOf,
  readBytes,
  statementBody,
  textOf,
  type BodyKind,
} from '../http/body.js';
import { jsonReply } from '../replies.js';
import { idempotencyOf, type Endpoint } from './endpoint.js';
import { ndjson, ndjsonType } from './ndjson.js';

/** What the body of a request says. */
export interface ExecRequest {
  readonly text: string;
  readonly options: Pick<ExecOptions, 'params' | 'vector' | 'onError'>;
}

function own(body: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(body, name) ? body[name] : undefined;
}

function kindOf(value: Json | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function queryIn(body: JsonObject): string {
  const query = own(body, 'query');
  if (typeof query === 'string') return query;
  fail('INVALID_BODY', `query: ${kindOf(query)} found, a string of statements expected`);
}

function paramsOf(body: JsonObject): JsonObject | undefined {
  const params = own(body, 'params');
  if (params === undefined || params === null) return undefined;
  if (isObject(params)) return params;
  fail('INVALID_BODY', `params: ${kindOf(params)} found, an object of name → value expected`);
}

function onErrorOf(body: JsonObject): 'stop' | 'continue' | undefined {
  const onError = own(body, 'on_error');
  if (onError === undefined || onError === null) return undefined;
  if (onError === 'stop' || onError === 'continue') return onError;
  fail(
    'INVALID_BODY',
    `on_error: ${JSON.stringify(onError).slice(0, 80)} found, "stop" or "continue" expected`,
  );
}

/** The JSON form of a request: `{ query, params?, vector?, on_error? }`. */
function readForm(body: JsonObject): ExecRequest {
  const text = queryIn(body);
  const params = paramsOf(body);
  const vector = own(body, 'vector');
  const onError = onErrorOf(body);
  // Most have parameters at most; every spread costs a tenth of a get.
  if (onError === undefined && (vector === undefined || vector === null))
    return { text, options: params === undefined ? {} : { params } };
  return {
    text,
    options: {
      ...(params !== undefined && { params }),
      ...(vector !== undefined && vector !== null && { vector }),
      ...(onError !== undefined && { onError }),
    },
  };
}

/** What a body of this content type is: JSON, or else statement text. */
export function bodyKindOf(contentType: string | null | undefined): BodyKind {
  if (contentType === 'application/json') return jsonBody;
  return /^\s*application\/json\s*(;|$)/i.test(contentType ?? '') ? jsonBody : statementBody;
}

/** The body as a request. INVALID_BODY, PAYLOAD_TOO_LARGE. */
export function requestOf(bytes: Uint8Array, kind: BodyKind): ExecRequest {
  if (kind === statementBody) return { text: textOf(bytes), options: {} };
  const form = readForm(jsonOf(bytes));
  checkStatementSize(form.text);
  return form;
}

/** True when the `Accept` of a request asks for lines, should they be had. */
export function wantsLines(accept: string | null | undefined): boolean {
  return accept?.toLowerCase().includes(ndjsonType) ?? false;
}

/** POST /exec: statements in, results out. */
export const exec: Endpoint = {
  method: 'POST',
  path: '/exec',
  summary: 'Run one or more statements',
  accepts: ['text/plain', 'application/json'],
  replies: ['application/json', ndjsonType],
  identity: 'key',
  async handle(c, services, requester) {
    const { headers } = c.req.raw;
    const kind = bodyKindOf(headers.get('content-type'));
    const { text, options } = requestOf(await readBytes(c.req.raw, kind), kind);
    // Once the client is gone nobody waits for the rest.
    const settings: ExecOptions = {
      ...options,
      ...idempotencyOf(headers.get('idempotency-key')),
      ...requester,
      signal: c.req.raw.signal,
    };
    if (wantsLines(headers.get('accept'))) {
      const streamed = await services.engine.stream(text, settings);
      if (streamed !== undefined) {
        return 'rows' in streamed
          ? ndjson(streamed.rows, services.onFault)
          : jsonReply(streamed.status, streamed.body);
      }
    }
    const reply = await services.engine.exec(text, settings);
    return jsonReply(reply.status, reply.body);
  },
};

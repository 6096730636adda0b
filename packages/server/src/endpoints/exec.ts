import { fail, type Json, type JsonObject } from '@drops/diagnostics';
import type { ExecOptions, TextReply } from '@drops/engine';
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
import { jsonReply, textReply } from '../replies.js';
import type { Services } from '../services.js';
import { idempotencyKeyOf, type Endpoint, type Requester } from './endpoint.js';
import { ndjson, ndjsonType } from './ndjson.js';

/** What the body of a request says. Every member is always there: a spread costs a tenth of a get. */
interface ExecRequest {
  readonly text: string;
  readonly params: ExecOptions['params'];
  readonly vector: ExecOptions['vector'];
  readonly onError: ExecOptions['onError'];
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
  return {
    text: queryIn(body),
    params: paramsOf(body),
    vector: own(body, 'vector') ?? undefined,
    onError: onErrorOf(body),
  };
}

/** What a body of this content type is: JSON, or else statement text. */
export function bodyKindOf(contentType: string | null | undefined): BodyKind {
  if (contentType === 'application/json') return jsonBody;
  return /^\s*application\/json\s*(;|$)/i.test(contentType ?? '') ? jsonBody : statementBody;
}

/** The body as a request. INVALID_BODY, PAYLOAD_TOO_LARGE. */
function requestOf(bytes: Uint8Array, kind: BodyKind): ExecRequest {
  if (kind === statementBody)
    return { text: textOf(bytes), params: undefined, vector: undefined, onError: undefined };
  const form = readForm(jsonOf(bytes));
  checkStatementSize(form.text);
  return form;
}

/** True when the `Accept` of a request asks for lines, should they be had. */
export function wantsLines(accept: string | null | undefined): boolean {
  return accept?.toLowerCase().includes(ndjsonType) ?? false;
}

/** What a request asks of the engine. */
function settingsOf(
  { params, vector, onError }: ExecRequest,
  idempotencyKey: string | null | undefined,
  { identity, address }: Requester,
  signal: ExecOptions['signal'],
): ExecOptions {
  return {
    params,
    vector,
    onError,
    idempotencyKey: idempotencyKeyOf(idempotencyKey),
    identity,
    address,
    signal,
  };
}

/** Runs the statements of a body for who is known, whichever way they came. INVALID_BODY, PAYLOAD_TOO_LARGE. */
export function runExec(
  bytes: Uint8Array,
  kind: BodyKind,
  idempotencyKey: string | null | undefined,
  requester: Requester,
  signal: ExecOptions['signal'],
  { engine }: Services,
): TextReply | Promise<TextReply> {
  const request = requestOf(bytes, kind);
  return engine.answer(request.text, settingsOf(request, idempotencyKey, requester, signal));
}

/** POST /exec: statements in, results out. What is plain comes by `direct-exec.ts`. */
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
    const bytes = await readBytes(c.req.raw, kind);
    const token = headers.get('idempotency-key');
    // Once the client is gone nobody waits for the rest.
    const { signal } = c.req.raw;
    if (wantsLines(headers.get('accept'))) {
      const request = requestOf(bytes, kind);
      const settings = settingsOf(request, token, requester, signal);
      const streamed = await services.engine.stream(request.text, settings);
      if (streamed !== undefined) {
        return 'rows' in streamed
          ? ndjson(streamed.rows, services.onFault)
          : jsonReply(streamed.status, streamed.body);
      }
    }
    return textReply(await runExec(bytes, kind, token, requester, signal, services));
  },
};

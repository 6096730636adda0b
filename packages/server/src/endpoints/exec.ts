import { fail, type Json, type JsonObject } from '@drops/diagnostics';
import type { ExecOptions } from '@drops/engine';
import { checkStatementSize, isObject, readJson, readStatement } from '../http/body.js';
import { jsonReply } from '../replies.js';
import { callerOf, idempotencyOf, type Endpoint } from './endpoint.js';
import { ndjson, ndjsonType } from './ndjson.js';

interface ExecRequest {
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

function textOf(body: JsonObject): string {
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
  const [text, params, vector, onError] = [
    textOf(body),
    paramsOf(body),
    own(body, 'vector'),
    onErrorOf(body),
  ];
  return {
    text,
    options: {
      ...(params !== undefined && { params }),
      ...(vector !== undefined && vector !== null && { vector }),
      ...(onError !== undefined && { onError }),
    },
  };
}

async function readExec(request: Request): Promise<ExecRequest> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^\s*application\/json\s*(;|$)/i.test(type))
    return { text: await readStatement(request), options: {} };
  const form = readForm(await readJson(request));
  checkStatementSize(form.text);
  return form;
}

/** POST /exec: statements in, results out. */
export const exec: Endpoint = {
  method: 'POST',
  path: '/exec',
  summary: 'Run one or more statements',
  accepts: ['text/plain', 'application/json'],
  replies: ['application/json', ndjsonType],
  identity: 'key',
  async handle(c, services) {
    const identity = callerOf(c, services, 'key');
    const { text, options } = await readExec(c.req.raw);
    // Once the client is gone nobody waits for the rest.
    const settings: ExecOptions = {
      ...options,
      ...idempotencyOf(c),
      identity,
      signal: c.req.raw.signal,
    };
    const wantsLines = c.req.raw.headers.get('accept')?.toLowerCase().includes(ndjsonType) ?? false;
    if (wantsLines) {
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

import { signedHeaders, signerOf, type Signer } from './sign-request.js';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
type JsonObject = { readonly [name: string]: Json };

export interface ClientOptions {
  /** The server, such as http://127.0.0.1:7700. */
  readonly url: string;
  /** Acts as this key, which a server in bearer mode takes at its word. A sub-key too. */
  readonly key?: string;
  /** The private half of a key: acts as that key and signs every request. Goes before `key`. */
  readonly privateKey?: string;
  /** What sends requests. Default: the one of the platform. */
  readonly fetch?: typeof fetch;
}

export interface ExecOptions {
  /** Values for `$name`, sent as values, never as text. */
  readonly params?: JsonObject;
  /** The vector that goes with a search. */
  readonly vector?: readonly number[];
  /** What a failing statement does to the rest of a script. Default `stop`. */
  readonly onError?: 'stop' | 'continue';
}

/** What the server refused: its code, its status, and all else that it says of the error. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  constructor(
    readonly code: string,
    message: string,
    readonly status: number,
    readonly error: JsonObject,
  ) {
    super(message);
  }
}

export interface Client {
  /** The key that it acts as; undefined: nobody in particular. */
  readonly key: string | undefined;
  /** Runs statements; gives what POST /exec answers. RequestError. */
  exec(text: string, options?: ExecOptions): Promise<Json>;
  /** Runs one statement that answers with rows, and gives them. RequestError. */
  rows(text: string, params?: JsonObject): Promise<readonly Json[]>;
  /** Runs a JSON query, and gives what POST /query answers. RequestError. */
  query(query: JsonObject): Promise<Json>;
  /** Reads an entity; undefined when there is none. RequestError. */
  entity(route: string, key: string): Promise<Json | undefined>;
  /** Writes one drop. RequestError. */
  drop(route: string, payload: Json, key?: string): Promise<Json>;
  /** Any other endpoint, such as `call('POST', '/key/claim', { key })`. RequestError. */
  call(method: string, path: string, body?: JsonObject): Promise<Json>;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a reply says, as JSON: every server of Drops answers so. */
function jsonOf(text: string, status: number): Json {
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    throw new RequestError('NO_JSON', 'the answer is no JSON: is this a server of Drops?', status, {});
  }
}

function errorOf(body: Json, status: number): RequestError {
  const error = isObject(body) && isObject(body['error']) ? body['error'] : {};
  const { code, message } = error;
  return new RequestError(
    typeof code === 'string' ? code : 'UNKNOWN',
    typeof message === 'string' ? message : `the server answered ${status}`,
    status,
    error,
  );
}

/** A client of one server, as one key or as nobody in particular. */
export function createClient({ url, key, privateKey, fetch: send = fetch }: ClientOptions): Client {
  const base = url.replace(/\/+$/, '');
  const signer: Signer | undefined = privateKey === undefined ? undefined : signerOf(privateKey);
  const caller = signer?.key ?? key;

  const call: Client['call'] = async (method, path, body) => {
    const target = new URL(`${base}${path}`);
    const text = body && JSON.stringify(body);
    const request = { method, url: target, body: text };
    const response = await send(target, {
      method,
      headers: {
        ...(text !== undefined && { 'content-type': 'application/json' }),
        ...(caller !== undefined && { 'x-ocean-key': caller }),
        ...(signer && (await signedHeaders(request, signer))),
      },
      ...(text !== undefined && { body: text }),
    });
    const answer = jsonOf(await response.text(), response.status);
    if (response.ok) return answer;
    throw errorOf(answer, response.status);
  };

  const exec: Client['exec'] = (text, { params, vector, onError } = {}) =>
    call('POST', '/exec', {
      query: text,
      ...(params && { params }),
      ...(vector && { vector }),
      ...(onError && { on_error: onError }),
    });

  return {
    key: caller,
    call,
    exec,
    async rows(text, params) {
      const answer = await exec(text, params && { params });
      const results = isObject(answer) ? answer['results'] : undefined;
      if (Array.isArray(results)) return results;
      throw new TypeError('this statement does not answer with rows');
    },
    query: (query) => call('POST', '/query', query),
    async entity(route, entityKey) {
      const path = `/entity/${route.split('/').map(encodeURIComponent).join('/')}?key=${encodeURIComponent(entityKey)}`;
      try {
        return await call('GET', path);
      } catch (error) {
        if (error instanceof RequestError && error.status === 404) return undefined;
        throw error;
      }
    },
    drop: (route, payload, entityKey) =>
      call('POST', '/drop', { route, payload, ...(entityKey !== undefined && { key: entityKey }) }),
  };
}

import type { HttpRequest } from './case.js';

export interface Statement {
  readonly query: string;
  readonly key?: string | undefined;
  readonly params?: Readonly<Record<string, unknown>> | undefined;
  readonly on_error?: 'stop' | 'continue' | undefined;
}

export interface Answer {
  readonly status: number;
  /** The body as JSON; as text where it is no JSON. */
  readonly body: unknown;
  readonly text?: string;
  readonly headers?: Headers;
}

/** A way in: the embedded engine, or a URL. What a door cannot do it leaves out, and such cases are skipped. */
export interface Door {
  readonly name: string;
  exec(statement: Statement): Promise<Answer>;
  request?(request: HttpRequest, key: string | undefined): Promise<Answer>;
  /** The IR of a text, spans left out. */
  ir?(text: string): unknown;
  /** Sets the clock, in milliseconds; gives the time before. */
  clock?: { now: number };
  /** Whether each file finds an empty store. */
  readonly fresh: boolean;
  close(): Promise<void>;
}

/** A door to any server that speaks HTTP. */
export function httpDoor(base: string): Door {
  const request = async (message: HttpRequest, key: string | undefined): Promise<Answer> => {
    const headers = new Headers(message.headers);
    if (key !== undefined && !headers.has('x-ocean-key')) headers.set('x-ocean-key', key);
    const body = bodyOf(message);
    if (message.json !== undefined && !headers.has('content-type'))
      headers.set('content-type', 'application/json');
    const response = await fetch(new URL(message.path, base), {
      method: message.method ?? 'POST',
      headers,
      ...(body !== undefined && { body }),
    });
    const text = await response.text();
    return { status: response.status, text, body: jsonOr(text), headers: response.headers };
  };
  return {
    name: 'http',
    fresh: false,
    request,
    exec: ({ key, ...statement }) => request({ path: '/exec', json: statement }, key),
    close: async () => {},
  };
}

function bodyOf(message: HttpRequest): string | Uint8Array<ArrayBuffer> | undefined {
  if (message.base64 !== undefined) return Uint8Array.from(Buffer.from(message.base64, 'base64'));
  return message.json === undefined ? message.body : JSON.stringify(message.json);
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

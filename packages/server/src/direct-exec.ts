import type { IncomingMessage, ServerResponse } from 'node:http';
import { DropsError, toDiagnostic, toErrorBody } from '@drops/diagnostics';
import type { TextReply } from '@drops/engine';
import { idempotencyOf, type Services } from './endpoints/endpoint.js';
import { bodyKindOf, requestOf, wantsLines } from './endpoints/exec.js';
import { readIncoming } from './http/body.js';
import { identify } from './identity.js';
import { sendText } from './replies.js';

const plainHost = /^[a-z0-9._-]+(:\d{1,5})?$/i;

/** One header; Node joins those that came several times. */
function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** Whether nothing is asked but to run statements and to be answered by one JSON text. */
function isPlainExec(request: IncomingMessage): boolean {
  const { method, url, headers } = request;
  return (
    method === 'POST' &&
    url === '/exec' &&
    headers.host !== undefined &&
    plainHost.test(headers.host) &&
    !wantsLines(headers.accept)
  );
}

/**
 * Once the client is gone nobody waits for the rest. A class: every object literal with a getter of its own has a hidden class of
 * its own, which outlives the request.
 */
class ClientSignal {
  constructor(private readonly response: ServerResponse) {}

  get aborted(): boolean {
    return this.response.destroyed;
  }
}

/** Answers plain requests of POST /exec; false for all others, which are not touched. */
export type DirectExec = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * POST /exec from Node's request straight to Node's response. Nearly all requests come this way, and the objects of fetch
 * cost more than to run a statement. The endpoint answers the same; what is not plain goes there.
 */
export function createDirectExec(services: Services): DirectExec {
  return (request, response) => {
    if (!isPlainExec(request)) return false;
    const refuse = (error: unknown): void => {
      if (!(error instanceof DropsError)) services.onFault(error);
      const diagnostic = toDiagnostic(error);
      sendText(response, diagnostic.status, JSON.stringify({ error: toErrorBody(diagnostic) }));
    };
    const send = ({ status, text }: TextReply): void => sendText(response, status, text);
    try {
      const identity = identify(header(request, 'x-ocean-key') ?? null, services.adminToken);
      const kind = bodyKindOf(request.headers['content-type']);
      const run = (bytes: Uint8Array): void => {
        try {
          const { text, options } = requestOf(bytes, kind);
          const settings = {
            ...options,
            ...idempotencyOf(header(request, 'idempotency-key')),
            identity,
            signal: new ClientSignal(response),
          };
          const reply = services.engine.answer(text, settings);
          if (reply instanceof Promise) reply.then(send).catch(refuse);
          else send(reply);
        } catch (error) {
          refuse(error);
        }
      };
      readIncoming(request, kind, run, refuse);
    } catch (error) {
      refuse(error);
    }
    return true;
  };
}

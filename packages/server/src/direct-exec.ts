import type { IncomingMessage, ServerResponse } from 'node:http';
import { DropsError, toDiagnostic, toErrorBody } from '@drops/diagnostics';
import type { Identified, TextReply } from '@drops/engine';
import { addressOf } from './address.js';
import { bodyKindOf, runExec, wantsLines } from './endpoints/exec.js';
import { readIncoming } from './http/body.js';
import { identify } from './identity.js';
import { sendText } from './replies.js';
import type { Services } from './services.js';
import { checkSignature, type ReceivedMessage } from './signed-request.js';

const plainHost = /^[a-z0-9._-]+(:\d{1,5})?$/i;

/** One header; Node joins those that came several times. */
function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** The request as a signature may cover it. */
function messageOf(request: IncomingMessage): ReceivedMessage {
  const { method = '', url = '', headers } = request;
  return {
    method,
    authority: headers.host ?? '',
    target: url,
    header: (name) => header(request, name),
  };
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
 * cost more than to run a statement. What is not plain goes to the endpoint; both call `runExec`.
 */
export function createDirectExec(services: Services): DirectExec {
  return (request, response) => {
    if (!isPlainExec(request)) return false;
    const refuse = (error: unknown): void => {
      if (!(error instanceof DropsError)) services.onFault(error);
      const diagnostic = toDiagnostic(error);
      sendText(response, diagnostic.status, JSON.stringify({ error: toErrorBody(diagnostic) }));
    };
    /** Whatever an act throws, at once or later, is the answer. */
    const attempt = (act: () => Promise<void> | void): void => {
      try {
        act()?.catch(refuse);
      } catch (error) {
        refuse(error);
      }
    };
    const send = ({ status, text }: TextReply): void => sendText(response, status, text);
    const address = addressOf(request, services.trustProxy);
    const token = header(request, 'idempotency-key');
    const signal = new ClientSignal(response);
    const answer = ({ identity, mustSign }: Identified): void => {
      const kind = bodyKindOf(request.headers['content-type']);
      const key = mustSign && identity.kind === 'key' ? identity.key : undefined;
      const read = (bytes: Uint8Array): void =>
        attempt(() => {
          const go = (): Promise<void> | void => {
            const reply = runExec(bytes, kind, token, { identity, address }, signal, services);
            return reply instanceof Promise ? reply.then(send) : send(reply);
          };
          if (key === undefined) return go();
          return checkSignature(key, messageOf(request), bytes, services).then(go);
        });
      readIncoming(request, kind, read, refuse);
    };
    attempt(() => {
      const known = identify(header(request, 'x-ocean-key') ?? null, services);
      return known instanceof Promise ? known.then(answer) : answer(known);
    });
    return true;
  };
}

import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { errorOf, toErrorBody, type Diagnostic } from '@drops/diagnostics';
import type { PatientResponse, PatientServer } from './patient-response.js';

/** What the HTTP parser found, as an error of ours. */
function diagnose(code: string | undefined): Diagnostic {
  if (code === 'HPE_HEADER_OVERFLOW')
    return errorOf('BAD_REQUEST', 'the header is too large', { status: 431 });
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW')
    return errorOf('PAYLOAD_TOO_LARGE', 'chunk extensions are too large');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return errorOf('BAD_REQUEST', 'the request did not arrive in time', { status: 408 });
  }
  return errorOf('BAD_REQUEST', 'what arrived is not an HTTP request');
}

/** Writes an error on a bare socket, where no response object exists, and ends it. */
function refuse(socket: Duplex, diagnostic: Diagnostic): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify({ error: toErrorBody(diagnostic) });
  socket.end(
    [
      `HTTP/1.1 ${diagnostic.status} ${STATUS_CODES[diagnostic.status] ?? 'Error'}`,
      'content-type: application/json',
      'access-control-allow-origin: *',
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

/** Answers, in JSON too, what never becomes a request: broken HTTP, CONNECT, strange expectations. */
export function answerBrokenRequests(server: PatientServer): void {
  const lastResponses = new WeakMap<Duplex, PatientResponse>();
  server.on('request', (request, response) => lastResponses.set(request.socket, response));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET') {
      socket.destroy();
      return;
    }
    const answer = () => refuse(socket, diagnose(error.code));
    const last = lastResponses.get(socket);
    // The good request before it is answered first.
    if (last && error.code?.startsWith('HPE_') && last.req.complete && !last.writableFinished) {
      last.once('close', answer);
    } else answer();
  });
  server.on('connect', (_request, socket) => {
    refuse(socket, errorOf('METHOD_NOT_ALLOWED', 'CONNECT found, this server is no proxy'));
  });
}

import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { errorOf } from '@drops/diagnostics';
import type { Engine } from '@drops/engine';
import { isLoopback, urlOf } from './address.js';
import { createApp, servicesOf, type AppOptions } from './app.js';
import { createDirectExec } from './direct-exec.js';
import { answerBrokenRequests } from './http/broken-requests.js';
import { limits } from './http/body.js';
import { PatientResponse, type PatientServer } from './http/patient-response.js';
import { errorReply } from './replies.js';

export interface ListenOptions extends Omit<AppOptions, 'activeConnections'> {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Told what an operator should know, a line each. */
  readonly warn?: (line: string) => void;
}

export interface Listening {
  readonly url: string;
  readonly port: number;
  /** Stops accepting, lets running requests end (10 s at most), closes the rest. The engine stays open. */
  close(): Promise<void>;
}

/** A client has this long for its header and for its whole request. */
const timeouts = { headersTimeout: 20_000, requestTimeout: 300_000, keepAliveTimeout: 30_000 } as const;
const drainMs = 10_000;

/** Serves an engine over HTTP until `close`. Rejects when the address cannot be had. */
export async function listen(engine: Engine, options: ListenOptions): Promise<Listening> {
  const host = options.host ?? '127.0.0.1';
  const server = createServer({
    ...timeouts,
    ServerResponse: PatientResponse,
    // A missing host is answered by us, as JSON.
    requireHostHeader: false,
    connectionsCheckingInterval: 5_000,
  });
  let connections = 0;
  server.on('connection', (socket) => {
    connections += 1;
    socket.once('close', () => (connections -= 1));
  });
  attach(server, engine, { ...options, activeConnections: () => connections });
  answerBrokenRequests(server);
  const port = await bind(server, host, options.port);
  if (!isLoopback(host)) {
    options.warn?.(
      `warning: bearer mode on ${host}: whoever holds a key acts as its owner, and keys travel as plain text; put TLS in front`,
    );
  }
  return { url: urlOf(host, port), port, close: () => drain(server) };
}

function attach(server: PatientServer, engine: Engine, options: AppOptions): void {
  const services = servicesOf(engine, options);
  const direct = createDirectExec(services);
  const app = createApp(engine, options);
  const handle = getRequestListener(app.fetch, {
    autoCleanupIncoming: false,
    errorHandler: (error) => {
      // Thrown before there is a request: a URL or a Host that cannot be read.
      const broken = error instanceof Error && error.name === 'RequestError';
      if (!broken) services.onFault(error);
      return errorReply(
        broken
          ? errorOf('BAD_REQUEST', `the request cannot be read: ${error.message}`)
          : errorOf('INTERNAL_ERROR', 'The server failed on this request; the fault was logged.'),
      );
    },
  });
  server.on('request', (request, response) => {
    if (!direct(request, response)) void handle(request, response);
  });
  // A body that will be refused is not asked for: curl sends its 1 GB only after "100 Continue".
  server.on('checkContinue', (request, response) => {
    if (!(Number(request.headers['content-length']) > limits.body)) response.writeContinue();
    server.emit('request', request, response);
  });
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
}

function bind(server: PatientServer, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function drain(server: PatientServer): Promise<void> {
  return new Promise((resolve) => {
    // Connections kept alive end as soon as they are idle, also those that become so while draining.
    const sweep = setInterval(() => server.closeIdleConnections(), 50);
    const cut = setTimeout(() => server.closeAllConnections(), drainMs);
    server.close(() => {
      clearInterval(sweep);
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}

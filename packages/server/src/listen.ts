import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { errorOf } from '@drops/diagnostics';
import type { Engine } from '@drops/engine';
import { urlOf } from './address.js';
import { createApp, servicesOf, type AppOptions } from './app.js';
import { createDirectExec } from './direct-exec.js';
import { bind, warnOfNetwork, type DoorOptions } from './door.js';
import { answerBrokenRequests } from './http/broken-requests.js';
import { limits } from './http/body.js';
import { PatientResponse, type PatientServer } from './http/patient-response.js';
import { createRateLimiter, createTurnstile, type CountedRequests, type RateLimiter } from './rate-limit.js';
import { errorReply } from './replies.js';

export interface ServeOptions extends Omit<AppOptions, 'activeConnections' | 'requests'> {
  /** Requests a minute for a key or an address. Default: any number. */
  readonly rateLimit?: number | undefined;
  /** Told what was counted for that limit, for other processes that serve the same address (`countedElsewhere`). */
  readonly announceRequests?: ((counted: CountedRequests) => void) | undefined;
  readonly timeouts?: Timeouts;
}
export interface ListenOptions extends ServeOptions, DoorOptions {}

export interface Listening {
  readonly url: string;
  readonly port: number;
  /** Stops accepting, lets running requests end (10 s at most), closes the rest. The engine stays open. */
  close(): Promise<void>;
}

/** Ms that a client has for its header and for its whole request, and between two looks at that. */
export interface Timeouts {
  readonly headers: number;
  readonly request: number;
  readonly check: number;
}

const usualTimeouts: Timeouts = { headers: 20_000, request: 300_000, check: 5_000 };
const keepAliveTimeout = 30_000;
/** Bytes of a header, the first line included. */
const maxHeaderSize = 16 * 1024;
const drainMs = 10_000;

/** A server of HTTP, and how many connections it has. */
interface Http {
  readonly server: PatientServer;
  readonly connections: () => number;
  readonly limiter: RateLimiter | undefined;
}

function createHttp(engine: Engine, options: ServeOptions): Http {
  const { headers, request, check } = options.timeouts ?? usualTimeouts;
  const server = createServer({
    headersTimeout: headers,
    requestTimeout: request,
    keepAliveTimeout,
    maxHeaderSize,
    ServerResponse: PatientResponse,
    // A missing host is answered by us, as JSON.
    requireHostHeader: false,
    connectionsCheckingInterval: check,
  });
  let count = 0;
  server.on('connection', (socket) => {
    count += 1;
    socket.once('close', () => (count -= 1));
  });
  const connections = () => count;
  let requests = 0;
  server.on('request', () => (requests += 1));
  const { rateLimit, announceRequests } = options;
  const limiter =
    rateLimit === undefined ? undefined : createRateLimiter(rateLimit, Date.now, announceRequests);
  attach(server, engine, { ...options, limiter, activeConnections: connections, requests: () => requests });
  answerBrokenRequests(server);
  return { server, connections, limiter };
}

/** Serves an engine over HTTP until `close`. Rejects when the address cannot be had. */
export async function listen(engine: Engine, options: ListenOptions): Promise<Listening> {
  const host = options.host ?? '127.0.0.1';
  const http = createHttp(engine, options);
  const port = await bind(http.server, host, options.port);
  warnOfNetwork(host, options);
  return { url: urlOf(host, port), port, close: () => drain(http) };
}

/** Serves the connections that another process has accepted. */
export interface ConnectionServer {
  take(socket: Socket): void;
  /** Another process of this server has counted requests. */
  countedElsewhere(counted: CountedRequests): void;
  /** As of `Listening`. Connections that come later are served too, a request at most each. */
  close(): Promise<void>;
}

/** Serves an engine over HTTP on connections that it is given. */
export function serveConnections(engine: Engine, options: ServeOptions): ConnectionServer {
  const http = createHttp(engine, options);
  // What begins to watch over the time that requests take.
  http.server.emit('listening');
  return {
    take(socket) {
      http.server.emit('connection', socket);
      socket.resume();
    },
    countedElsewhere: (counted) => http.limiter?.add(counted),
    close: () => drain(http),
  };
}

type AttachOptions = AppOptions & Pick<Http, 'limiter'>;

function attach(server: PatientServer, engine: Engine, options: AttachOptions): void {
  const services = servicesOf(engine, options);
  const { limiter } = options;
  const { trustProxy, isAdminToken } = services;
  const mayPass = limiter && createTurnstile({ limiter, trustProxy, isAdminToken });
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
    if (mayPass && !mayPass(request, response)) return;
    if (!direct(request, response)) void handle(request, response);
  });
  // A body that will be refused is not asked for: curl sends its 1 GB only after "100 Continue".
  server.on('checkContinue', (request, response) => {
    if (!(Number(request.headers['content-length']) > limits.body)) response.writeContinue();
    server.emit('request', request, response);
  });
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
}

function drain({ server, connections }: Http): Promise<void> {
  server.close();
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), drainMs);
    // Connections kept alive end as soon as they are idle, also those that become so while draining.
    const sweep = setInterval(() => {
      server.closeIdleConnections();
      if (connections() > 0) return;
      clearInterval(sweep);
      clearTimeout(cut);
      resolve();
    }, 20);
    server.closeIdleConnections();
  });
}

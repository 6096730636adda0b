import { DropsError, toDiagnostic } from '@drops/diagnostics';
import { recogniser, type Engine } from '@drops/engine';
import { Hono } from 'hono';
import { endpoints } from './endpoints/index.js';
import type { Endpoint } from './endpoints/endpoint.js';
import { errorReply, preflight, unknownPath, wrongMethod } from './replies.js';
import { requesterOf } from './requester.js';
import type { Services } from './services.js';

export interface AppOptions extends Partial<Omit<Services, 'engine' | 'isAdminToken'>> {
  /** Whoever sends it as key is the administrator. */
  readonly adminToken?: string | undefined;
}

/** What the endpoints work with, with every default filled in. */
export function servicesOf(engine: Engine, options: AppOptions): Services {
  return {
    engine,
    isAdminToken: options.adminToken === undefined ? undefined : recogniser(options.adminToken),
    publicUrl: options.publicUrl,
    trustProxy: options.trustProxy ?? false,
    clock: options.clock ?? Date.now,
    activeConnections: options.activeConnections ?? (() => 0),
    requests: options.requests ?? (() => 0),
    durability: options.durability ?? 'full',
    worker: options.worker,
    onFault: options.onFault ?? (() => undefined),
  };
}

function isOfPath({ path: pattern }: Endpoint, path: string): boolean {
  const source = pattern.replace(/[.]/g, '\\.').replace(/:\w+/g, '[^/]+').replace(/\/\*$/, '(/.*)?');
  return new RegExp(`^${source}$`).test(path);
}

/** Methods that a path takes, in the form of the Allow header. */
function methodsOf(path: string): readonly string[] {
  const found = endpoints.filter((endpoint) => isOfPath(endpoint, path)).map(({ method }) => method);
  if (found.length === 0) return [];
  return [...new Set(found.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : method))), 'OPTIONS'];
}

/**
 * The HTTP face of an engine. A request either meets one endpoint or is answered as unknown path,
 * wrong method or preflight; whatever is thrown becomes a JSON error.
 */
export function createApp(engine: Engine, options: AppOptions = {}): Hono {
  const services = servicesOf(engine, options);
  const app = new Hono();
  for (const endpoint of endpoints) {
    app.on(endpoint.method, endpoint.path, (c): Response | Promise<Response> => {
      const requester = requesterOf(c, services, endpoint.identity);
      if (!(requester instanceof Promise)) return endpoint.handle(c, services, requester);
      return requester.then((known) => endpoint.handle(c, services, known));
    });
  }
  app.notFound((c) => {
    if (c.req.method === 'OPTIONS') return preflight();
    const allowed = methodsOf(c.req.path);
    if (allowed.length === 0) return unknownPath(c.req.path.slice(0, 200));
    return wrongMethod(c.req.method, c.req.path.slice(0, 200), allowed);
  });
  app.onError((error) => {
    if (!(error instanceof DropsError)) services.onFault(error);
    return errorReply(toDiagnostic(error));
  });
  return app;
}

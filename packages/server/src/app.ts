import { DropsError, toDiagnostic } from '@drops/diagnostics';
import type { Engine } from '@drops/engine';
import { Hono } from 'hono';
import { endpoints } from './endpoints/index.js';
import type { Services } from './endpoints/endpoint.js';
import { errorReply, preflight, unknownPath, wrongMethod } from './replies.js';

export type AppOptions = Partial<Omit<Services, 'engine'>>;

/** What the endpoints work with, with every default filled in. */
export function servicesOf(engine: Engine, options: AppOptions): Services {
  return {
    engine,
    adminToken: options.adminToken,
    activeConnections: options.activeConnections ?? (() => 0),
    requests: options.requests ?? (() => 0),
    durability: options.durability ?? 'full',
    worker: options.worker,
    onFault: options.onFault ?? (() => undefined),
  };
}

/** Methods that a path takes, in the form of the Allow header. */
function methodsOf(path: string): readonly string[] {
  const found = endpoints.find((endpoint) =>
    endpoint.path.endsWith('/*')
      ? path === endpoint.path.slice(0, -2) || path.startsWith(endpoint.path.slice(0, -1))
      : path === endpoint.path,
  );
  if (found === undefined) return [];
  return found.method === 'GET' ? ['GET', 'HEAD', 'OPTIONS'] : [found.method, 'OPTIONS'];
}

/**
 * The HTTP face of an engine. A request either meets one endpoint or is answered as unknown path,
 * wrong method or preflight; whatever is thrown becomes a JSON error.
 */
export function createApp(engine: Engine, options: AppOptions = {}): Hono {
  const services = servicesOf(engine, options);
  const app = new Hono();
  for (const endpoint of endpoints) {
    app.on(endpoint.method, endpoint.path, (c) => endpoint.handle(c, services));
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

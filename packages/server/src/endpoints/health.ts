import { jsonReply } from '../replies.js';
import type { Endpoint } from './endpoint.js';

/** GET /health: open to all, also to a caller with a broken key. */
export const health: Endpoint = {
  method: 'GET',
  path: '/health',
  summary: 'Whether the server works',
  identity: 'open',
  handle(_c, services) {
    return jsonReply(200, {
      status: 'ok',
      active_connections: services.activeConnections(),
      durability: services.durability,
      // The connections are those of this process.
      ...(services.worker && { worker: services.worker }),
    });
  },
};

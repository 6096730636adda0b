import { jsonReply } from '../replies.js';
import type { Endpoint } from './endpoint.js';

/** GET /health: open to all, also to a caller with a broken key. */
export const health: Endpoint = {
  method: 'GET',
  path: '/health',
  summary: 'Whether the server works',
  identity: 'open',
  async handle(_c, services) {
    const { pages, freePages, oldestReader } = await services.engine.space();
    return jsonReply(200, {
      status: 'ok',
      active_connections: services.activeConnections(),
      durability: services.durability,
      pages,
      free_pages: freePages,
      // Ms: an old reader keeps the file growing. The process itself reads its last checkpoint, of half a second ago, while it writes.
      oldest_reader: Math.round(oldestReader),
      // The connections are those of this process.
      ...(services.worker && { worker: services.worker }),
    });
  },
};

import { readJson } from '../http/body.js';
import { jsonReply } from '../replies.js';
import type { Endpoint } from './endpoint.js';

/** POST /search: by text, by vector, or by both. */
export const search: Endpoint = {
  method: 'POST',
  path: '/search',
  summary: 'Search by text, by vector, or by both',
  accepts: ['application/json'],
  identity: 'key',
  async handle(c, services, requester) {
    const reply = await services.engine.search(await readJson(c.req.raw), requester);
    return jsonReply(reply.status, reply.body);
  },
};

import { readJson } from '../http/body.js';
import { jsonReply } from '../replies.js';
import type { Endpoint } from './endpoint.js';

/** POST /query: the find of the JSON query language. */
export const query: Endpoint = {
  method: 'POST',
  path: '/query',
  summary: 'Find by a JSON query',
  accepts: ['application/json'],
  identity: 'key',
  async handle(c, services, requester) {
    const reply = await services.engine.query(await readJson(c.req.raw), requester);
    return jsonReply(reply.status, reply.body);
  },
};

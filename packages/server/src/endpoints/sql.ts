import { readJson } from '../http/body.js';
import { jsonReply } from '../replies.js';
import type { Endpoint } from './endpoint.js';

/** POST /sql: one SELECT over routes as tables. */
export const sql: Endpoint = {
  method: 'POST',
  path: '/sql',
  summary: "Find by a SELECT in PostgreSQL's syntax",
  accepts: ['application/json'],
  identity: 'key',
  async handle(c, services, requester) {
    const reply = await services.engine.sql(await readJson(c.req.raw), requester);
    return jsonReply(reply.status, reply.body);
  },
};

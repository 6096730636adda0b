import { readJson } from '../http/body.js';
import { jsonReply } from '../replies.js';
import type { Endpoint } from './endpoint.js';

/** POST /primitives: by what things are, whatever route they are on. */
export const primitives: Endpoint = {
  method: 'POST',
  path: '/primitives',
  summary: 'Find by dates, places, identifiers and amounts on every route',
  accepts: ['application/json'],
  identity: 'key',
  async handle(c, services, requester) {
    const reply = await services.engine.primitives(await readJson(c.req.raw), requester);
    return jsonReply(reply.status, reply.body);
  },
};

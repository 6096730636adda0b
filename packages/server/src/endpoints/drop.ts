import { readJson } from '../http/body.js';
import { jsonReply } from '../replies.js';
import { callerOf, type Endpoint } from './endpoint.js';

/** POST /drop: one drop as JSON. */
export const drop: Endpoint = {
  method: 'POST',
  path: '/drop',
  summary: 'Write one drop: { route, key?, payload, keep?, price? }',
  accepts: ['application/json'],
  identity: 'key',
  async handle(c, services) {
    const identity = callerOf(c, services, 'key');
    const reply = await services.engine.drop(await readJson(c.req.raw), { identity });
    return jsonReply(reply.status, reply.body);
  },
};

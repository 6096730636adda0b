import { readJson } from '../http/body.js';
import { flag, queryOf } from '../http/query-string.js';
import { jsonReply } from '../replies.js';
import { idempotencyKeyOf, type Endpoint } from './endpoint.js';

/** POST /drop: one drop as JSON. */
export const drop: Endpoint = {
  method: 'POST',
  path: '/drop',
  summary: 'Write one drop: { route, key?, payload, keep?, price? }',
  parameters: [{ name: 'generate_keypair', description: '`false`: no keypair for a caller without a key' }],
  accepts: ['application/json'],
  identity: 'key',
  async handle(c, services, requester) {
    const generateKeypair = flag('generate_keypair', queryOf(c.req.url).get('generate_keypair'), true);
    const options = {
      ...requester,
      generateKeypair,
      idempotencyKey: idempotencyKeyOf(c.req.raw.headers.get('idempotency-key')),
    };
    const reply = await services.engine.drop(await readJson(c.req.raw), options);
    return jsonReply(reply.status, reply.body);
  },
};

import { flag, queryOf, routeOf } from '../http/query-string.js';
import { jsonReply } from '../replies.js';
import type { Endpoint } from './endpoint.js';

/** GET /entity/R?key=K: the entity, its versions, or the version current at a time. */
export const entity: Endpoint = {
  method: 'GET',
  path: '/entity/*',
  summary: 'Read one entity of a route',
  parameters: [
    { name: 'key', description: 'The key of the entity', required: true },
    { name: 'history', description: '`true`: all versions, newest first' },
    { name: 'at', description: 'The version current at this date or date-time' },
  ],
  // `key=` is the key of the entity here, so the caller is known by the header alone.
  identity: 'header',
  async handle(c, services, requester) {
    const route = routeOf(c.req.url, '/entity', 'GET /entity/users?key=alice');
    const parameters = queryOf(c.req.url);
    const at = parameters.get('at');
    const reply = await services.engine.entity(route, parameters.get('key') ?? undefined, {
      ...requester,
      history: flag('history', parameters.get('history'), false),
      ...(at !== null && { at }),
    });
    return jsonReply(reply.status, reply.body);
  },
};

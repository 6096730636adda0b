import { fail, type Json } from '@drops/diagnostics';
import type { ExportRequest } from '@drops/engine';
import { flag, queryOf, routeOf } from '../http/query-string.js';
import { jsonReply } from '../replies.js';
import type { Endpoint } from './endpoint.js';
import { textStream } from './text-stream.js';

function filterOf(text: string): Json {
  try {
    const filter: Json = JSON.parse(text);
    return filter;
  } catch {
    fail('INVALID_BODY', `filter is not JSON: ${text.slice(0, 80)}`, {
      hint: 'filter={"payload.city":"Oslo"}, percent-encoded',
    });
  }
}

function requestOf(url: string): ExportRequest {
  const route = routeOf(url, '/export', 'GET /export/users');
  const parameters = queryOf(url);
  const text = (name: 'from' | 'to' | 'format' | 'dialect') => {
    const value = parameters.get(name);
    return value === null ? {} : { [name]: value };
  };
  const filter = parameters.get('filter');
  const select = parameters.get('select');
  return {
    route,
    below: flag('below', parameters.get('below'), true),
    latest: flag('latest', parameters.get('latest'), true),
    ...text('from'),
    ...text('to'),
    ...text('format'),
    ...text('dialect'),
    ...(filter !== null && { filter: filterOf(filter) }),
    ...(select !== null && { select: select.split(',').map((name) => name.trim()) }),
  };
}

/** GET /export/R: a route and all below it, as text in a format of choice. */
export const exportRoute: Endpoint = {
  method: 'GET',
  path: '/export/*',
  summary: 'Export a route and all below it',
  parameters: [
    { name: 'latest', description: '`true` (default): the current state; `false`: every version' },
    { name: 'from', description: 'Created at this date or date-time, or later' },
    { name: 'to', description: 'Created at this date or date-time, or earlier' },
    { name: 'filter', description: 'A filter as in POST /query, as JSON' },
    { name: 'select', description: 'Names of columns, separated by commas' },
    { name: 'format', description: '`ndjson` (default), `json`, `csv`, `sql` or `mongo`' },
    { name: 'dialect', description: 'For `format=sql`: `postgres` (default), `mysql` or `sqlite`' },
    { name: 'below', description: '`false`: the route alone' },
  ],
  replies: [
    'application/x-ndjson',
    'application/json',
    'text/csv',
    'application/sql',
    'application/javascript',
  ],
  identity: 'key',
  async handle(c, services, requester) {
    const request = requestOf(c.req.url);
    const reply = await services.engine.export(request, { ...requester, signal: c.req.raw.signal });
    return 'chunks' in reply
      ? textStream(reply.chunks, reply.contentType, services.onFault)
      : jsonReply(reply.status, reply.body);
  },
};

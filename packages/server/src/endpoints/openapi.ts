import { jsonReply } from '../replies.js';
import type { Endpoint } from './endpoint.js';

const errorReply = {
  description: 'An error',
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
};

const errorSchema = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message', 'status'],
      properties: {
        code: { type: 'string' },
        message: { type: 'string' },
        status: { type: 'integer' },
        hint: { type: 'string' },
        span: { type: 'object' },
        details: { type: 'array' },
      },
    },
  },
};

const securitySchemes = {
  header: { type: 'apiKey', in: 'header', name: 'X-Ocean-Key' },
  query: { type: 'apiKey', in: 'query', name: 'key' },
};

function contentOf(types: readonly string[]): object {
  return Object.fromEntries(types.map((type) => [type, {}]));
}

/** `/entity/*` → `/entity/{route}`: the nearest that OpenAPI has to a path of several segments. */
function parametersOf(endpoint: Endpoint): object[] {
  const segments = [...endpoint.path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const route = endpoint.path.endsWith('*')
    ? [
        {
          name: 'route',
          in: 'path',
          required: true,
          description: 'May hold slashes',
          schema: { type: 'string' },
        },
      ]
    : [];
  const query = (endpoint.parameters ?? []).map(({ name, description, required = false }) => ({
    name,
    in: 'query',
    required,
    description,
    schema: { type: 'string' },
  }));
  return [...segments, ...route, ...query];
}

function operationOf(endpoint: Endpoint): object {
  const { accepts, replies = ['application/json'], identity } = endpoint;
  // An empty requirement beside the schemes: the key is optional.
  const security =
    identity === 'open'
      ? []
      : identity === 'header'
        ? [{ header: [] }, {}]
        : [{ header: [] }, { query: [] }, {}];
  return {
    summary: endpoint.summary,
    parameters: parametersOf(endpoint),
    ...(accepts && { requestBody: { required: true, content: contentOf(accepts) } }),
    responses: { 200: { description: 'The result', content: contentOf(replies) }, default: errorReply },
    security,
  };
}

/** The description of the endpoints, made from the table that also routes them. */
export function describe(endpoints: readonly Endpoint[]): object {
  const paths = new Map<string, Record<string, object>>();
  for (const endpoint of endpoints) {
    const path = endpoint.path.replace('*', '{route}').replace(/:(\w+)/g, '{$1}');
    const operation = { [endpoint.method.toLowerCase()]: operationOf(endpoint) };
    paths.set(path, { ...paths.get(path), ...operation });
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Drops', version: '0.1.0' },
    paths: Object.fromEntries(paths),
    components: { schemas: { Error: errorSchema }, securitySchemes },
  };
}

/** GET /openapi.json, for a table of endpoints to which it belongs itself. */
export function openapi(endpoints: () => readonly Endpoint[]): Endpoint {
  return {
    method: 'GET',
    path: '/openapi.json',
    summary: 'This description',
    identity: 'open',
    handle: () => jsonReply(200, describe(endpoints())),
  };
}

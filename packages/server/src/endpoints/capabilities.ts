import { fail, type Json, type JsonObject } from '@drops/diagnostics';
import { capabilities, type CapabilitySignature, type Invocation } from '@drops/engine';
import type { Context } from 'hono';
import { readJson } from '../http/body.js';
import { flag, queryOf, routeOf } from '../http/query-string.js';
import { jsonReply, wrongMethod } from '../replies.js';
import { idempotencyKeyOf, type Endpoint, type Parameter } from './endpoint.js';

type CapabilityParameter = CapabilitySignature['parameters'][number];

/** A text of the URL as a value of the declared type; TYPE_ERROR. */
function valueOf(text: string, { name, type }: CapabilityParameter): Json {
  switch (type) {
    case 'text':
    case 'texts':
      return text;
    case 'number':
      if (text.trim() !== '' && Number.isFinite(Number(text))) return Number(text);
      return fail('TYPE_ERROR', `${name}=${text.slice(0, 40)} found, a number expected`);
    case 'boolean':
      return flag(name, text, false);
    case 'list':
    case 'object':
    case 'any':
      try {
        const value: Json = JSON.parse(text);
        return value;
      } catch {
        return fail('TYPE_ERROR', `${name} in the URL is not JSON`);
      }
  }
}

/** The routable form of a declared path: `/subkey/{id}` → `/subkey/:id`, a target at its end → `/*`. */
function routablePath(path: string): string {
  return path.replace(/\{target\}$/, '*').replace(/\{(\w+)\}/g, ':$1');
}

/** Where the arguments, the target and the key of a call stand in a request. */
interface Places {
  readonly url: URLSearchParams;
  readonly body: JsonObject;
  /** A part of the path by its name. */
  readonly path: (name: string) => string | undefined;
}

type Arguments = Invocation['arguments'];

/** The arguments that a query string gives: those declared, and any other too, for the check to refuse. */
function queryArguments(declared: CapabilitySignature, { url }: Places, taken: readonly string[]): Arguments {
  const names = [...new Set(url.keys())].filter((name) => !taken.includes(name));
  return names.map((name) => {
    const parameter = declared.parameters.find((one) => one.name === name);
    const values = url.getAll(name);
    if (parameter?.type === 'texts' && values.length > 1) return [name, values] as const;
    return [name, parameter ? valueOf(values[0] ?? '', parameter) : (values[0] ?? '')] as const;
  });
}

function argumentsOf(declared: CapabilitySignature, places: Places, taken: readonly string[]): Arguments {
  const { parameters, rest } = declared;
  const ofPath = parameters.flatMap((parameter): Arguments => {
    const text = rest.path.includes(`{${parameter.name}}`) ? places.path(parameter.name) : undefined;
    return text === undefined ? [] : [[parameter.name, valueOf(text, parameter)]];
  });
  if (rest.parameters === 'query') return [...ofPath, ...queryArguments(declared, places, taken)];
  if (rest.parameters === 'path') return ofPath;
  const inBody = Object.entries(places.body).filter(([name]) => !taken.includes(name));
  return [...ofPath, ...inBody];
}

/** The target or the key of a call, from where the declaration places it. */
function placed(
  place: CapabilitySignature['rest']['target'],
  { url, body, path }: Places,
): string | undefined {
  switch (place?.place) {
    case undefined:
      return undefined;
    case 'path':
      return path(place.name);
    case 'query':
      return url.get(place.name) ?? undefined;
    case 'body': {
      const value = Object.hasOwn(body, place.name) ? body[place.name] : undefined;
      if (value === undefined || typeof value === 'string') return value;
      return fail('TYPE_ERROR', `${place.name} in the body is no text`);
    }
  }
}

/** What a request calls. */
async function callOf(declared: CapabilitySignature, c: Context): Promise<Invocation> {
  const { service, verb, rest } = declared;
  const readsBody = rest.parameters === 'body' && declared.parameters.length > 0;
  const beforeTarget = rest.path.slice(0, rest.path.indexOf('/{target}'));
  const places: Places = {
    url: queryOf(c.req.url),
    body: readsBody ? await readJson(c.req.raw) : {},
    path: (name) =>
      name === 'target'
        ? routeOf(c.req.url, beforeTarget, `${rest.method} ${beforeTarget}/team`)
        : c.req.param(name),
  };
  const [target, key] = [placed(rest.target, places), placed(rest.key, places)];
  // `?key=` is the caller, unless it is the key of an entity.
  const taken = [
    'key',
    ...[rest.target, rest.key].flatMap((one) => (one?.place === 'path' ? [] : (one?.name ?? []))),
  ];
  const ofBody = taken.filter((name) => name !== 'key' || rest.key?.place === 'body');
  return {
    service,
    verb,
    ...(target !== undefined && { target }),
    ...(key !== undefined && { key }),
    arguments: argumentsOf(declared, places, rest.parameters === 'body' ? ofBody : taken),
  };
}

function describedParameters({ parameters, rest, key }: CapabilitySignature): readonly Parameter[] {
  const inQuery = rest.parameters === 'query' ? parameters : [];
  return [
    ...inQuery.map(({ name, summary, required }) => ({ name, description: summary, required })),
    ...(rest.key?.place === 'query'
      ? [{ name: rest.key.name, description: 'The key of the entity', required: key === 'required' }]
      : []),
  ];
}

/** A declared capability as an endpoint: its method, its path and its parameters follow from the declaration. */
function endpointOf(declared: CapabilitySignature): Endpoint {
  const { rest, summary } = declared;
  return {
    method: rest.method,
    path: routablePath(rest.path),
    summary,
    parameters: describedParameters(declared),
    ...(rest.parameters === 'body' && { accepts: ['application/json'] }),
    identity: rest.key?.name === 'key' && rest.key.place === 'query' ? 'header' : 'key',
    async handle(c, services, requester) {
      // A call is no mere look: HEAD must not use a token up.
      if (c.req.method === 'HEAD') return wrongMethod('HEAD', c.req.path.slice(0, 200), [rest.method]);
      const options = {
        ...requester,
        idempotencyKey: idempotencyKeyOf(c.req.raw.headers.get('idempotency-key')),
      };
      const reply = await services.engine.invoke(await callOf(declared, c), options);
      return jsonReply(reply.status, reply.body);
    },
  };
}

/** An endpoint for every declared capability; what has no handler answers 501 there as in a sentence. */
export const capabilityEndpoints: readonly Endpoint[] = capabilities.map(endpointOf);

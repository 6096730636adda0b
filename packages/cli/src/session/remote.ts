import type { Json, JsonObject } from '@drops/diagnostics';
import type { Reply } from '@drops/engine';
import { CommandFailure } from '../failures.js';
import type { Session, Words } from './session.js';

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

const isText = (value: Json | undefined): value is string => typeof value === 'string';

/** Why a request got no answer, in one line. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
}

async function readReply(response: Response, url: string): Promise<Reply> {
  const text = await response.text();
  try {
    return { status: response.status, body: JSON.parse(text) };
  } catch {
    throw new CommandFailure(`${url} answered ${response.status}, and not in JSON; is it a Drops server?`);
  }
}

/** `context` of the server as words to complete. */
function wordsOf(body: Json): Words {
  const context = isObject(body) ? body : {};
  const fields = new Map<string, readonly string[]>();
  for (const entry of listOf(context['routes'])) {
    if (isObject(entry) && isText(entry['route']))
      fields.set(entry['route'], listOf(entry['fields']).map(nameOf).filter(isText));
  }
  return {
    routes: [...fields.keys()],
    views: listOf(context['views']).map(nameOf).filter(isText),
    fields: (route) => fields.get(route) ?? [],
  };
}

function nameOf(entry: Json): Json | undefined {
  if (!isObject(entry)) return entry;
  return entry['name'] ?? entry['view'] ?? entry['field'];
}

/** Statements on a server, by POST /exec. */
export function connect(url: string, key: string | undefined): Session {
  const headers = { 'content-type': 'application/json', ...(key !== undefined && { 'x-ocean-key': key }) };

  const exec: Session['exec'] = async (query, { params, signal } = {}) => {
    const body = JSON.stringify({ query, ...(params && { params }) });
    let response: Response;
    try {
      response = await fetch(`${url}/exec`, { method: 'POST', headers, body, ...(signal && { signal }) });
    } catch (error) {
      throw new CommandFailure(`cannot reach ${url}: ${causeOf(error)}`);
    }
    return readReply(response, url);
  };

  return {
    place: url,
    exec,
    words: async () => wordsOf((await exec('context')).body),
    close: async () => undefined,
  };
}

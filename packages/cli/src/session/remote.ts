import type { Json, JsonObject } from '@drops/diagnostics';
import type { ExportRequest, Reply } from '@drops/engine';
import { signedHeaders } from '@drops/client';
import { CommandFailure } from '../failures.js';
import { blamedIn, bulkOf, maxBulk } from './bulk.js';
import type { SessionCaller } from './caller.js';
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
    fields: async (route) => fields.get(route) ?? [],
  };
}

function nameOf(entry: Json): Json | undefined {
  if (!isObject(entry)) return entry;
  return entry['name'] ?? entry['view'] ?? entry['field'];
}

/** The address of an export. */
function exportPath({ route, below, latest, select, filter, ...texts }: ExportRequest): string {
  const query = new URLSearchParams({
    ...texts,
    below: String(below),
    latest: String(latest),
    ...(select && { select: select.join(',') }),
    ...(filter !== undefined && { filter: JSON.stringify(filter) }),
  });
  return `/export/${route.split('/').map(encodeURIComponent).join('/')}?${query.toString()}`;
}

/** The body of a response as text; a connection that breaks off is a failure, never an end. */
async function* chunksOf(body: ReadableStream<Uint8Array>, url: string): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  try {
    for await (const chunk of body) yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  } catch (error) {
    throw new CommandFailure(`${url} broke off: ${causeOf(error)}; the export is not whole`);
  }
}

interface Outgoing {
  readonly method: 'GET' | 'POST';
  readonly body?: string;
  readonly signal?: AbortSignal;
}

/** Statements on a server, by POST /exec, each request signed where the caller can sign. */
export function connect(url: string, { key, signer }: SessionCaller): Session {
  const usual = { 'content-type': 'application/json', ...(key !== undefined && { 'x-ocean-key': key }) };

  const request = async (path: string, outgoing: Outgoing): Promise<Response> => {
    const target = new URL(`${url}${path}`);
    const { method, body } = outgoing;
    const signature = signer && (await signedHeaders({ method, url: target, body }, signer));
    try {
      return await fetch(target, { ...outgoing, headers: { ...usual, ...signature } });
    } catch (error) {
      throw new CommandFailure(`cannot reach ${url}: ${causeOf(error)}`);
    }
  };

  const exec: Session['exec'] = async (query, { params, signal } = {}) => {
    const body = JSON.stringify({ query, ...(params && { params }) });
    return readReply(await request('/exec', { method: 'POST', body, ...(signal && { signal }) }), url);
  };

  return {
    place: url,
    exec,
    write(route, drops) {
      const { text, params } = bulkOf(drops.map((drop) => ({ ...drop, route })));
      return exec(text, { params });
    },
    async writeTogether({ drops, count, refused }) {
      if (count > maxBulk) {
        throw new CommandFailure(
          `${count} rows found, a server takes at most ${maxBulk} in one commit: --atomic on more needs --data`,
        );
      }
      const { text, params } = bulkOf([...drops()]);
      const reply = await exec(text, { params });
      const blamed = reply.status === 200 ? undefined : blamedIn(reply);
      if (!blamed) return reply;
      refused(blamed.index, blamed.reason);
      return { status: 200, body: { ok: false, count: 0 } };
    },
    async export(wanted) {
      const response = await request(exportPath(wanted), { method: 'GET' });
      return response.ok && response.body ? chunksOf(response.body, url) : readReply(response, url);
    },
    words: async () => wordsOf((await exec('context')).body),
    close: async () => undefined,
  };
}

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Json } from '@drops/ir';
import { afterEach } from 'vitest';
import { seeded, type TestVectors } from '../vector/vectors.fixture.js';
import { createEmbedder } from './create-embedder.js';
import { openEmbeddedTexts, type EmbeddedTexts } from './embedded-texts.js';
import type { Embedder } from './embedder.js';

/** What a test opened, and closes; the newest first. */
export const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

export function embeddedOver(t: TestVectors, embedder: Embedder): EmbeddedTexts {
  const embedded = openEmbeddedTexts(t.store, embedder, t.search);
  if (!embedded) throw new Error('LMDB keeps rows for others');
  open.unshift(embedded);
  return embedded;
}

export const put = (route: string, key: string | null, payload: Json) =>
  ({ kind: 'put', route, key, payload }) as const;

export async function keys(t: TestVectors, embedded: EmbeddedTexts, text: string, routes = ['notes']) {
  return (await answer(t, embedded, text, 10, routes))?.hits.map(({ key }) => key);
}

export async function answer(
  t: TestVectors,
  embedded: EmbeddedTexts,
  text: string,
  count = 10,
  routes = ['notes'],
) {
  const snapshot = t.store.snapshot();
  const found = await embedded.search(snapshot, routes, text, count);
  snapshot.release();
  return found;
}

/** An embedder that notes which texts it was asked for. */
export function noting(embedder: Embedder): Embedder & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    name: embedder.name,
    asked,
    embed(texts) {
      asked.push(...texts);
      return embedder.embed(texts);
    },
  };
}

/** Different texts of three words. */
export function textOf(n: number): string {
  const random = seeded(n);
  const letter = () => String.fromCharCode(97 + Math.floor(random() * 26));
  const word = () => Array.from({ length: 7 }, letter).join('');
  return `${word()} ${word()} ${word()}`;
}

export async function fill(t: TestVectors, route: string, count: number): Promise<void> {
  for (let at = 0; at < count; at += 250) {
    const size = Math.min(250, count - at);
    await t.run(...Array.from({ length: size }, (_, i) => put(route, `k${at + i}`, textOf(at + i))));
  }
}

export const hashed = createEmbedder({ kind: 'hashed' });

/** A service as OpenAI's: it gives a vector for each text, the last one first; a status refuses them. */
export async function service(answer: (input: readonly string[]) => readonly number[][] | number) {
  const requests: { readonly url: string; readonly key: string | undefined; readonly body: Json }[] = [];
  const server: Server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += String(chunk)));
    request.on('end', () => {
      const body: { input: string[]; model: string } = JSON.parse(text);
      requests.push({ url: request.url ?? '', key: request.headers.authorization, body });
      const answered = answer(body.input);
      if (typeof answered === 'number') {
        response.writeHead(answered).end('{}');
        return;
      }
      const data = answered.map((embedding, index) => ({ index, embedding }));
      response.end(JSON.stringify({ data: data.reverse() }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({ close: () => new Promise((resolve) => server.close(resolve)) });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/v1`, requests };
}

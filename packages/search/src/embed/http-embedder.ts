import { isArray, isObject, isVector, getProperty, type Json } from '@drops/ir';
import { TextsRefused, type Embedder, type EmbedderSettings } from './embedder.js';

/** How long a service may take, in ms. */
const timeout = 30_000;

/** Answers about what was sent: too long, or nothing that the model takes. */
const refusals: ReadonlySet<number> = new Set([400, 413, 422]);

type HttpSettings = Extract<EmbedderSettings, { readonly kind: 'http' }>;

/** The vectors of an answer in the order of the texts; undefined for an answer of another shape. */
function vectorsIn(answer: Json, count: number): readonly (readonly number[])[] | undefined {
  const data = isObject(answer) ? getProperty(answer, 'data') : undefined;
  if (!isArray(data) || data.length !== count) return undefined;
  const vectors = new Array<readonly number[]>(count);
  for (const item of data) {
    if (!isObject(item)) return undefined;
    const index = getProperty(item, 'index');
    const vector = getProperty(item, 'embedding') ?? null;
    if (typeof index !== 'number' || !isVector(vector)) return undefined;
    vectors[index] = vector;
  }
  return vectors.every((vector) => vector.length === vectors[0]?.length) &&
    Object.keys(vectors).length === count
    ? vectors
    : undefined;
}

/** An embedder that asks a service by `POST {url}/embeddings { model, input }`, as OpenAI and many others take it. */
export function httpEmbedder({ url, model, key }: HttpSettings): Embedder {
  return {
    name: `http-${model}`,
    async embed(texts) {
      const response = await fetch(`${url.replace(/\/+$/, '')}/embeddings`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(key !== undefined && { authorization: `Bearer ${key}` }),
        },
        body: JSON.stringify({ model, input: texts }),
        signal: AbortSignal.timeout(timeout),
        redirect: 'error',
      });
      const { status } = response;
      if (refusals.has(status)) throw new TextsRefused(`the embedder answered ${status}`);
      if (!response.ok) throw new Error(`the embedder answered ${status}`);
      const answer: Json = JSON.parse(await response.text());
      const vectors = vectorsIn(answer, texts.length);
      if (!vectors) throw new Error('the embedder answered something else than a vector for each text');
      return vectors;
    },
  };
}

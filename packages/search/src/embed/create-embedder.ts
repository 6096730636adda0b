import { assertNever } from '@drops/diagnostics';
import type { Embedder, EmbedderSettings } from './embedder.js';
import { hashedEmbedder } from './hashed-embedder.js';
import { httpEmbedder } from './http-embedder.js';

/** The embedder that settings ask for. */
export function createEmbedder(settings: EmbedderSettings): Embedder {
  switch (settings.kind) {
    case 'hashed':
      return hashedEmbedder;
    case 'http':
      return httpEmbedder(settings);
    default:
      return assertNever(settings);
  }
}

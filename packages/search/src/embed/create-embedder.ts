import { assertNever } from '@drops/diagnostics';
import type { Embedder, EmbedderSettings } from './embedder.js';
import { hashedEmbedder } from './hashed-embedder.js';
import { findModel, modelEmbedder } from './model-embedder.js';
import { httpEmbedder } from './http-embedder.js';

/** The embedder that settings ask for. NOT_AVAILABLE when it is not installed. */
export function createEmbedder(settings: EmbedderSettings): Embedder {
  switch (settings.kind) {
    case 'hashed':
      return hashedEmbedder;
    case 'model':
      return modelEmbedder(findModel());
    case 'http':
      return httpEmbedder(settings);
    default:
      return assertNever(settings);
  }
}

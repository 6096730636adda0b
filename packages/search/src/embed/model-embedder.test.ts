import { dotProduct, unitVector } from '@drops/ir';
import { describe, expect, it } from 'vitest';
import { findModel, modelEmbedder } from './model-embedder.js';

const paths = findModel(process.env['DROPS_TEST_MODEL'] ?? process.cwd());
if (!paths)
  console.warn('SKIPPED: the local model: its packages are not installed (DROPS_TEST_MODEL names a folder)');

describe.skipIf(!paths)('the local model', () => {
  it('puts texts near that mean the like, whatever their words', async () => {
    const { embed } = modelEmbedder(paths);
    const texts = [
      'How do I fix my car?',
      'A vehicle that needs repair',
      'Baking a dessert with cocoa',
      'The recipe for chocolate cake',
    ];
    const [car, vehicle, dessert, cake] = (await embed(texts)).map((numbers) => unitVector(numbers));
    if (!car || !vehicle || !dessert || !cake) throw new Error('a vector is missing');
    expect(car).toHaveLength(512);
    expect(dotProduct(car, vehicle)).toBeGreaterThan(dotProduct(car, dessert) + 0.2);
    expect(dotProduct(cake, dessert)).toBeGreaterThan(dotProduct(cake, vehicle) + 0.2);
    // The same text is the same vector, also in another batch.
    const [again] = (await embed([texts[0] ?? ''])).map((numbers) => unitVector(numbers));
    expect(again && dotProduct(car, again)).toBeCloseTo(1, 4);
  }, 120_000);
});

it('says what to install where it is not', () => {
  expect(() => modelEmbedder(undefined)).toThrow('needs @energetic-ai/embeddings');
});

it('fails, and does not end the process, where the packages are something else', async () => {
  const { embed } = modelEmbedder({ library: '/nowhere/library.js', model: '/nowhere/model.js' });
  await expect(embed(['a text'])).rejects.toThrow();
});

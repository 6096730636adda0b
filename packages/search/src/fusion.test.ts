import { describe, expect, it } from 'vitest';
import { fuse } from './fusion.js';
import type { Hit } from './hit.js';

const hits = (scores: Readonly<Record<string, number>>): readonly Hit[] =>
  Object.entries(scores).map(([key, score]) => ({ route: 'r', key, tx: key.charCodeAt(0), score }));
const shown = (fused: readonly Hit[]) => fused.map(({ key, score }) => [key, Math.round(score * 1e6) / 1e6]);

describe('two rankings as one', () => {
  it('weighted: half of each score, scaled over its candidates', () => {
    const fused = fuse(hits({ a: 0.9, b: 0.5, c: 0.1 }), hits({ c: 8, b: 6, d: 4 }), 'weighted');
    // a: 1/2, b: 1/4 + 1/4, c: 0 + 1/2, d: 0
    expect(shown(fused)).toEqual([
      ['a', 0.5],
      ['b', 0.5],
      ['c', 0.5],
      ['d', 0],
    ]);
  });

  it('weighted: equal scores count in full', () => {
    expect(shown(fuse(hits({ a: 0.3 }), hits({ a: 2, b: 2 }), 'weighted'))).toEqual([
      ['a', 1],
      ['b', 0.5],
    ]);
    expect(fuse([], [], 'weighted')).toEqual([]);
  });

  it('rrf: the sum of 1 / (60 + rank), whatever the scores', () => {
    const fused = fuse(hits({ a: 0.9, b: 0.1 }), hits({ b: 80, c: 1 }), 'rrf');
    expect(shown(fused)).toEqual([
      ['b', Math.round((1 / 62 + 1 / 61) * 1e6) / 1e6],
      ['a', Math.round((1 / 61) * 1e6) / 1e6],
      ['c', Math.round((1 / 62) * 1e6) / 1e6],
    ]);
  });
});

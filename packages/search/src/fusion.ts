import type { Hit } from './hit.js';

/** How two rankings become one (features: SEARCH-05, SEARCH-06). */
export const fusions = ['weighted', 'rrf'] as const;
export type Fusion = (typeof fusions)[number];

/** Cormack, Clarke and Büttcher: what keeps the first ranks from deciding alone. */
const rankOffset = 60;

/** Scores between 0 and 1; all equal ones are 1. */
function scaled(hits: readonly Hit[]): readonly number[] {
  const scores = hits.map(({ score }) => score);
  const low = Math.min(...scores);
  const high = Math.max(...scores);
  return scores.map((score) => (high === low ? 1 : (score - low) / (high - low)));
}

const halves = (hits: readonly Hit[]): readonly number[] => scaled(hits).map((score) => score / 2);
const reciprocals = (hits: readonly Hit[]): readonly number[] => hits.map((_, i) => 1 / (rankOffset + i + 1));

/**
 * Two rankings as one, best first. `weighted`: half the scaled score of each; `rrf`: the sum of 1 / (60 + rank), ranks from 1.
 * What one ranking does not have gets nothing from it.
 */
export function fuse(vectors: readonly Hit[], texts: readonly Hit[], fusion: Fusion): readonly Hit[] {
  const scores = fusion === 'rrf' ? reciprocals : halves;
  const fused = new Map<number, Hit>();
  for (const hits of [vectors, texts]) {
    const added = scores(hits);
    hits.forEach((hit, i) => {
      const before = fused.get(hit.tx)?.score ?? 0;
      fused.set(hit.tx, { ...hit, score: before + (added[i] ?? 0) });
    });
  }
  return [...fused.values()].sort((a, b) => b.score - a.score || a.tx - b.tx);
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { labelledSet } from './labelled-set.js';
import { ndcgAt10 } from './ndcg.js';
import { dropsIndex, flexsearch, fts5, minisearch, orama, postgresText } from './peers/index.js';
import { rankPeers } from './ranking.js';

const folder = mkdtempSync(join(tmpdir(), 'drops-ranking-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('nDCG@10', () => {
  it('is 1 for the best order, less for another, 0 for nothing', () => {
    const grades = new Map([
      ['a', 3],
      ['b', 1],
    ]);
    expect(ndcgAt10(['a', 'b', 'x'], grades)).toBe(1);
    // (1 / log2(2) + 7 / log2(3)) / (7 / log2(2) + 1 / log2(3))
    expect(ndcgAt10(['b', 'a'], grades)).toBeCloseTo((1 + 7 / Math.log2(3)) / (7 + 1 / Math.log2(3)), 12);
    expect(ndcgAt10(['x'], grades)).toBe(0);
    const eleventh = [...'bcdefghijk', 'a'];
    expect(ndcgAt10(eleventh, new Map([['a', 3]]))).toBe(0);
  });
});

describe('ranking over keywords that people chose', () => {
  const set = labelledSet();

  it('has more than 200 queries of each kind, each with something to find', () => {
    for (const queries of [set.keywords, set.pairs, set.misspelt]) {
      expect(queries.length).toBeGreaterThan(200);
      for (const { grades } of queries) expect(Math.max(...grades.values())).toBe(3);
    }
  });

  it('leads all others that are here', async () => {
    const peers = [dropsIndex, fts5, minisearch, orama, flexsearch, postgresText];
    const skipped: string[] = [];
    const [ours, ...others] = await rankPeers(peers, set, folder, (line) => skipped.push(line));
    for (const line of skipped) console.warn(line);
    if (!ours) throw new Error('nothing was ranked');
    expect(others.map(({ contender }) => contender)).toEqual(expect.arrayContaining(['MiniSearch', 'Orama']));
    for (const other of others) {
      for (const kind of ['keywords', 'pairs', 'misspelt'] as const) {
        expect(ours[kind], `${other.contender} on ${kind}`).toBeGreaterThan(other[kind] - 0.005);
      }
    }
    expect(ours.keywords).toBeGreaterThan(0.55);
    expect(ours.pairs).toBeGreaterThan(0.74);
    expect(ours.misspelt).toBeGreaterThan(0.35);
  }, 120_000);
});

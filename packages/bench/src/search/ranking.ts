import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Absent } from '../system.js';
import type { LabelledQuery, LabelledSet } from './labelled-set.js';
import { ndcgAt10 } from './ndcg.js';
import type { TextPeer, TextSystem } from './text-peer.js';

/** Mean nDCG@10 of a contender on each kind of query. */
export interface Ranking {
  readonly contender: string;
  readonly keywords: number;
  readonly pairs: number;
  readonly misspelt: number;
}

async function meanOf(
  queries: readonly LabelledQuery[],
  ask: (text: string) => readonly string[] | Promise<readonly string[]>,
): Promise<number> {
  let sum = 0;
  for (const { text, grades } of queries) sum += ndcgAt10(await ask(text), grades);
  return sum / queries.length;
}

async function rank(contender: string, system: TextSystem, set: LabelledSet): Promise<Ranking> {
  const plain = (text: string) => system.query(text, 10);
  const fuzzy = (text: string) => (system.fuzzy ?? system.query)(text, 10);
  return {
    contender,
    keywords: await meanOf(set.keywords, plain),
    pairs: await meanOf(set.pairs, plain),
    misspelt: await meanOf(set.misspelt, fuzzy),
  };
}

/** Ranks the same queries with each contender that the machine has; `absent` is told of the others. */
export async function rankPeers(
  peers: readonly TextPeer[],
  set: LabelledSet,
  folder: string,
  absent: (line: string) => void,
): Promise<readonly Ranking[]> {
  const rankings: Ranking[] = [];
  for (const peer of peers) {
    const own = join(folder, `ranking-${peer.name.replaceAll(/\W+/g, '-')}`);
    mkdirSync(own, { recursive: true });
    try {
      const system = await peer.open({ folder: own, documents: set.documents });
      rankings.push(await rank(peer.name, system, set));
      if (system.fuzzy && system.fuzzy !== system.query) {
        const fuzzy = { ...system, query: system.fuzzy };
        rankings.push(await rank(`${peer.name}, fuzzy`, fuzzy, set));
      }
      await system.close();
    } catch (thrown) {
      if (!(thrown instanceof Absent)) throw thrown;
      absent(`SKIPPED ${peer.name}: ${thrown.message}`);
    }
  }
  return rankings;
}

import { compareStrings } from '@drops/ir';
import { lengthOfCode } from '../length-code.js';
import type { MemoryPart, MemoryRoute } from '../memory-part.js';
import type { PostingList } from './postings-code.js';
import { reversed } from './segment-words.js';
import type { SegmentSource } from './write-segment.js';

/** Where a document of memory went: its number in the segment, or `gone`. */
export const gone = 0xffffffff;
export type Numbering = ReadonlyMap<MemoryRoute, Uint32Array>;

export interface MemorySource {
  readonly source: SegmentSource;
  readonly numbering: Numbering;
}

function termsIn(routes: readonly MemoryRoute[]): ReadonlyMap<string, MemoryRoute[]> {
  const found = new Map<string, MemoryRoute[]>();
  for (const route of routes) {
    for (const term of route.terms.keys()) {
      const holders = found.get(term);
      if (holders) holders.push(route);
      else found.set(term, [route]);
    }
  }
  return found;
}

function* listsOf(
  routes: readonly MemoryRoute[],
  numbering: Numbering,
): Iterable<{ readonly term: string; readonly list: PostingList }> {
  const holders = termsIn(routes);
  for (const term of [...holders.keys()].sort(compareStrings)) {
    const documents: number[] = [];
    const counts: number[] = [];
    for (const route of holders.get(term) ?? []) {
      const list = route.terms.get(term);
      const numbers = numbering.get(route);
      for (let i = 0; list && numbers && i < list.size; i += 1) {
        const number = numbers[list.documents[i] ?? 0] ?? gone;
        if (number === gone) continue;
        documents.push(number);
        counts.push(list.counts[i] ?? 0);
      }
    }
    if (documents.length === 0) continue;
    const list = {
      documents: Uint32Array.from(documents),
      counts: Uint8Array.from(counts),
      size: documents.length,
    };
    yield { term, list };
  }
}

function* inOrder(texts: () => string[]): Iterable<string> {
  yield* texts().sort(compareStrings);
}

/** The documents of a memory part that were still live after a tx, as what a segment is made of. */
export function memorySource(part: MemoryPart, tx: number): MemorySource {
  const routes = [...part.routes.values()].sort((a, b) => compareStrings(a.route, b.route));
  const numbering = new Map<MemoryRoute, Uint32Array>();
  const keys: (string | null)[] = [];
  const txs: number[] = [];
  const lengths: number[] = [];
  const held = routes.map((route) => {
    const numbers = new Uint32Array(route.keys.length).fill(gone);
    const first = keys.length;
    let length = 0;
    route.keys.forEach((key, document) => {
      const ended = route.endedAt[document] ?? 0;
      if (ended !== 0 && ended <= tx) return;
      numbers[document] = keys.length;
      keys.push(key);
      txs.push(route.txs[document] ?? 0);
      const code = route.lengths[document] ?? 0;
      lengths.push(code);
      length += lengthOfCode[code] ?? 0;
    });
    numbering.set(route, numbers);
    return { route: route.route, documents: keys.length - first, length };
  });
  const words = () => [...part.words.all()];
  const source: SegmentSource = {
    routes: held.filter(({ documents }) => documents > 0),
    keys,
    txs,
    lengths: Uint8Array.from(lengths),
    terms: listsOf(routes, numbering),
    words: inOrder(words),
    backward: inOrder(() => words().map(reversed)),
  };
  return { source, numbering };
}

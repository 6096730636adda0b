import { compareStrings } from '@drops/ir';
import { lengthOfCode } from '../length-code.js';
import {
  countIn,
  documentIn,
  listOf,
  type MemoryPart,
  type MemoryPostings,
  type MemoryRoute,
} from '../memory-part.js';
import { sortTexts } from '../sort-texts.js';
import { createListBuffer, type PostingList } from './postings-code.js';
import { reversed } from './segment-words.js';
import type { SegmentSource } from './write-segment.js';

/** Where a document of memory went: its number in the segment, or `gone`. */
export const gone = 0xffffffff;
export type Numbering = ReadonlyMap<MemoryRoute, Uint32Array>;

export interface MemorySource {
  readonly source: SegmentSource;
  readonly numbering: Numbering;
}

/** The terms in order, each with its documents under their new numbers. */
function* listsOf(
  { terms }: MemoryPart,
  routes: readonly MemoryRoute[],
  numbering: Numbering,
): Iterable<{ readonly term: string; readonly list: PostingList }> {
  const buffer = createListBuffer();
  const add = ({ route, entries }: MemoryPostings): void => {
    const numbers = numbering.get(route);
    if (!numbers) return;
    for (const entry of entries) {
      const number = numbers[documentIn(entry)] ?? gone;
      if (number !== gone) buffer.push(number, countIn(entry));
    }
  };
  for (const name of sortTexts([...terms.keys()])) {
    const term = terms.get(name);
    buffer.clear();
    if (term?.first && !term.others) add(term.first);
    else {
      for (const route of routes) {
        const list = listOf(term, route);
        if (list) add(list);
      }
    }
    if (buffer.list.size > 0) yield { term: name, list: buffer.list };
  }
}

function* inOrder(texts: () => string[]): Iterable<string> {
  yield* sortTexts(texts());
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
  const source: SegmentSource = {
    routes: held.filter(({ documents }) => documents > 0),
    keys,
    txs,
    lengths: Uint8Array.from(lengths),
    terms: listsOf(part, routes, numbering),
    words: inOrder(() => [...part.words]),
    backward: inOrder(() => part.words.map(reversed)),
  };
  return { source, numbering };
}

/** A document and what it scored. */
export interface Scored {
  readonly selection: number;
  readonly document: number;
  readonly score: number;
  readonly tx: number;
}

/** The best `limit` of what it is given, by score, then by tx. */
export interface BestDocuments {
  /** What a document must score to get in; less, or as much with a later tx, does not. 0 while there is room. */
  threshold(): number;
  offer(selection: number, document: number, score: number, tx: number): void;
  /** Best first. */
  take(): readonly Scored[];
}

const isWorse = (a: Scored, b: Scored): boolean => (a.score === b.score ? a.tx > b.tx : a.score < b.score);

/** A binary heap with the worst on top. */
export function createBestDocuments(limit: number): BestDocuments {
  const heap: Scored[] = [];

  const at = (i: number): Scored => {
    const one = heap[i];
    if (!one) throw new RangeError('a place outside of the heap');
    return one;
  };
  const swap = (i: number, j: number): void => {
    const one = at(i);
    heap[i] = at(j);
    heap[j] = one;
  };
  const rise = (start: number): void => {
    for (let i = start; i > 0;) {
      const parent = (i - 1) >> 1;
      if (!isWorse(at(i), at(parent))) return;
      swap(i, parent);
      i = parent;
    }
  };
  const sink = (): void => {
    for (let i = 0; ;) {
      let worst = i;
      for (const child of [2 * i + 1, 2 * i + 2]) {
        if (child < heap.length && isWorse(at(child), at(worst))) worst = child;
      }
      if (worst === i) return;
      swap(i, worst);
      i = worst;
    }
  };

  return {
    threshold: () => (heap.length < limit ? 0 : (heap[0]?.score ?? 0)),
    offer(selection, document, score, tx) {
      const one = { selection, document, score, tx };
      if (heap.length < limit) {
        heap.push(one);
        rise(heap.length - 1);
      } else if (heap[0] && isWorse(heap[0], one)) {
        heap[0] = one;
        sink();
      }
    },
    take: () => [...heap].sort((a, b) => (isWorse(a, b) ? 1 : -1)),
  };
}

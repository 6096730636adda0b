/** A vector that was compared with the query. */
export interface Candidate {
  readonly route: string;
  readonly key: string | null;
  readonly tx: number;
  readonly score: number;
}

/** The nearest of the candidates it is shown. */
export interface Nearest {
  /** Called with the tx of everything that is compared, kept or not. */
  compared(tx: number): void;
  /** True when a candidate of this score would be kept: what it is need not be read otherwise. */
  wants(score: number): boolean;
  add(candidate: Candidate): void;
  /** Best first, ties by tx. */
  best(): readonly Candidate[];
}

const byScore = (a: Candidate, b: Candidate): number => b.score - a.score || a.tx - b.tx;

/** Keeps the `count` nearest. What is too far is thrown away now and then, so that a candidate costs next to nothing. */
export function keepNearest(count: number, seen?: Set<number>): Nearest {
  const limit = 2 * count + 64;
  let kept: Candidate[] = [];
  let worst = -Infinity;
  const shrink = (): void => {
    kept.sort(byScore);
    kept = kept.slice(0, count);
    if (kept.length === count) worst = kept.at(-1)?.score ?? worst;
  };
  return {
    compared(tx) {
      seen?.add(tx);
    },
    wants: (score) => count > 0 && score >= worst,
    add(candidate) {
      kept.push(candidate);
      if (kept.length >= limit) shrink();
    },
    best() {
      shrink();
      return kept;
    },
  };
}

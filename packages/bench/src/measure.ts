/** Keeps results alive, so that no work is optimised away. */
let sink: unknown;

/** What was computed last; reading it makes it observable. */
export function lastResult(): unknown {
  return sink;
}

/** How long and how often. */
export interface Effort {
  /** Measured rounds; one more goes before them as a warm-up. */
  readonly rounds: number;
  /** Length of a round; a single operation may take longer. */
  readonly milliseconds: number;
  /** Length of the round before them: until then V8 has compiled what it will compile. */
  readonly warmUp: number;
}

/** Middle, least and greatest of the rounds. */
export interface Figures {
  readonly median: number;
  readonly least: number;
  readonly greatest: number;
  readonly rounds: readonly number[];
}

export function figuresOf(rounds: readonly number[]): Figures {
  const sorted = [...rounds].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? 0;
  const median = sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? 0) + upper) / 2;
  return { median, least: sorted[0] ?? 0, greatest: sorted.at(-1) ?? 0, rounds };
}

/** How long a round takes, in ms. */
export const lengthOf = ({ milliseconds, warmUp }: Effort, round: number): number =>
  round === 0 ? warmUp : milliseconds;

/** Gives a figure for round 0 (the warm-up), 1, 2, … */
export type Round = (round: number) => number | Promise<number>;

/**
 * Runs the rounds of all contenders in turn, A B C A B C, so that what disturbs the machine disturbs all of them.
 * The first round of each warms up and does not count.
 */
export async function interleave(contenders: readonly Round[], rounds: number): Promise<Figures[]> {
  const figures: number[][] = contenders.map(() => []);
  for (let round = 0; round <= rounds; round += 1) {
    for (const [i, run] of contenders.entries()) {
      const figure = await run(round);
      if (round > 0) figures[i]?.push(figure);
    }
  }
  return figures.map(figuresOf);
}

/** Operations a second of a function that answers at once. */
export function ratePerSecond(run: () => unknown, milliseconds: number): number {
  const batch = 64;
  let count = 0;
  let elapsed = 0;
  const start = performance.now();
  while (elapsed < milliseconds) {
    for (let i = 0; i < batch; i += 1) sink = run();
    count += batch;
    elapsed = performance.now() - start;
  }
  return (count * 1000) / elapsed;
}

/** Operations a second, one after the other; answers that are promises are awaited. */
export async function alone(
  run: (n: number) => unknown,
  numbers: () => number,
  milliseconds: number,
): Promise<number> {
  let count = 0;
  let elapsed = 0;
  const start = performance.now();
  while (elapsed < milliseconds) {
    // The clock is read once in a while: reading it is not free beside the fastest operations.
    const until = count + (elapsed * 50 < count ? 32 : 1);
    for (; count < until; count += 1) {
      const answer = run(numbers());
      sink = answer instanceof Promise ? await answer : answer;
    }
    elapsed = performance.now() - start;
  }
  return (count * 1000) / elapsed;
}

/** Operations a second of `clients` loops at once, each waiting for its answer before it asks again. */
export async function together(
  run: (n: number) => unknown,
  numbers: () => number,
  clients: number,
  milliseconds: number,
): Promise<number> {
  let count = 0;
  const start = performance.now();
  const end = start + milliseconds;
  const client = async (): Promise<void> => {
    while (performance.now() < end) {
      await run(numbers());
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return (count * 1000) / (performance.now() - start);
}

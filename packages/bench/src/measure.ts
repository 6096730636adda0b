/** Keeps results alive, so that no work is optimised away. */
let sink: unknown;

/** Operations a second of `run`: the median of `rounds`, each about `milliseconds` long, after a warm-up of one round. */
export function operationsPerSecond(run: () => unknown, rounds = 5, milliseconds = 300): number {
  const figures: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const figure = oneRound(run, milliseconds);
    if (round > 0) figures.push(figure);
  }
  figures.sort((a, b) => a - b);
  return figures[Math.floor(figures.length / 2)] ?? 0;
}

function oneRound(run: () => unknown, milliseconds: number): number {
  const batch = 64;
  let count = 0;
  const start = performance.now();
  let elapsed = 0;
  while (elapsed < milliseconds) {
    for (let i = 0; i < batch; i += 1) sink = run();
    count += batch;
    elapsed = performance.now() - start;
  }
  return (count * 1000) / elapsed;
}

/** What was computed last; reading it makes it observable. */
export function lastResult(): unknown {
  return sink;
}

import { expect, test } from 'vitest';
import { createRestarts } from './restarts.js';

const restart = (delay: number) => ({ kind: 'restart', delay });

test('short lives double the wait up to ten seconds; a long one starts anew', () => {
  const { ended } = createRestarts();
  const delays = [100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000];
  expect(delays.map(() => ended(999, 1))).toEqual(delays.map(restart));
  expect(ended(1000, 1)).toEqual(restart(100));
  expect(ended(undefined, 1)).toEqual(restart(200));
});

test('after six short lives in a row it gives up, unless another one serves', () => {
  const { ended } = createRestarts();
  for (let i = 0; i < 5; i += 1) expect(ended(undefined, 0)).toMatchObject({ kind: 'restart' });
  expect(ended(undefined, 1)).toMatchObject({ kind: 'restart' });
  expect(ended(undefined, 0)).toEqual({ kind: 'give-up' });
});

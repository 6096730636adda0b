import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { thinOut } from './hints.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('the first hint goes at once, those close behind it as one, and none is left out', () => {
  let told = 0;
  const hint = thinOut(() => (told += 1));
  hint();
  expect(told).toBe(1);
  for (let i = 0; i < 10; i += 1) hint();
  expect(told).toBe(1);
  vi.advanceTimersByTime(5);
  expect(told).toBe(2);
  vi.advanceTimersByTime(100);
  expect(told).toBe(2);
  hint();
  expect(told).toBe(3);
});

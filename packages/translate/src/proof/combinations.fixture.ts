import { conditions } from './queries.fixture.js';

/** The same every time: a small generator of combined conditions. */
export function combinations(count: number): readonly string[] {
  let state = 20260301;
  const next = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const one = (): string => conditions[next(conditions.length)] ?? 'age > 1';
  const shapes: readonly (() => string)[] = [
    () => `not (${one()})`,
    () => `${one()} and not (${one()})`,
    () => `not (${one()} or ${one()})`,
    () => `(${one()} or ${one()}) and ${one()}`,
    () => `not (${one()} and not (${one()}))`,
  ];
  return Array.from({ length: count }, () => (shapes[next(shapes.length)] ?? one)());
}

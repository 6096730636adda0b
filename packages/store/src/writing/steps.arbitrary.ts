import fc from 'fast-check';
import type { Operation } from '../store.js';

const key = fc.constantFrom('a', 'ab', 'b');
const field = fc.constantFrom('n', 'm', '__proto__');
const small = fc.integer({ min: -3, max: 3 });
const object = fc.dictionary(
  fc.constantFrom('n', 'm', 'o'),
  fc.oneof(small, fc.constant(null), fc.constant('x')),
  {
    noNullPrototype: true,
  },
);
const payload = fc.oneof({ weight: 5, arbitrary: object }, fc.constant('text'), fc.constant([1, 2]));
const ttl = fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined, freq: 3 });

const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc
    .record({ key: fc.option(key, { freq: 4 }), payload, ttl })
    .map(({ ttl: seconds, ...rest }): Operation => ({
      kind: 'put',
      route: 'r',
      ...rest,
      ...(seconds !== undefined && { ttl: seconds }),
    })),
  fc.record({ key, changes: object }).map((rest): Operation => ({ kind: 'merge', route: 'r', ...rest })),
  key.map((k): Operation => ({ kind: 'delete', route: 'r', key: k })),
  fc.integer({ min: 1, max: 30 }).map((tx): Operation => ({ kind: 'hide', route: 'r', tx })),
  fc
    .record({ key, name: field, delta: small })
    .map(({ name, ...rest }): Operation => ({ kind: 'increment', route: 'r', path: [name], ...rest })),
);

/** Units of random operations on few keys of one route, with time between them. */
export const step = fc.record({
  operations: fc.array(operation, { minLength: 1, maxLength: 4 }),
  /** Ms that pass before. */
  wait: fc.constantFrom(0, 0, 1, 900, 3000),
  sweep: fc.boolean(),
});

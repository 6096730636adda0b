import fc from 'fast-check';
import { isObject, type StoredDrop } from '@drops/ir';
import { expect, test } from 'vitest';
import { step } from '../writing/steps.arbitrary.js';
import { createModel, Refused, type Row } from './testing/model.fixture.js';
import { derivedBytes } from './testing/table-bytes.fixture.js';
import { closeStore, drain, history, openTestStore, scan } from './testing/temporary-store.fixture.js';

/** Records of a segment of the log: most logs here are shorter than a real one. */
const segment = fc.constantFrom(1, 3, 8, undefined);

const rowOf = (drop: StoredDrop): Row => [drop.key ?? drop.tx, drop.payload, drop.version];

test('random units do what a plain model does, now, in the history and as of every commit', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), segment, async (steps, length) => {
      const opened = openTestStore(undefined, undefined, 'relaxed', undefined, undefined, length);
      const { store, clock } = opened;
      const model = createModel();
      for (const { operations, wait } of steps) {
        clock.now += wait;
        const accepted = await opened.run(...operations).then(
          ({ tx }) => tx,
          () => undefined,
        );
        try {
          model.apply(operations, clock.now);
          expect(accepted).toBe(model.ends().at(-1) ?? 0);
        } catch (thrown) {
          if (!(thrown instanceof Refused)) throw thrown;
          expect(accepted).toBeUndefined();
        }
      }
      const snapshot = store.snapshot();
      expect(drain(snapshot, scan('r')).map(rowOf)).toEqual(model.rows(clock.now));
      for (const tx of model.ends()) {
        expect(drain(snapshot.asOf(tx), scan('r')).map(rowOf)).toEqual(model.rowsAt(tx));
      }
      const versions = drain(snapshot, history('r')).filter((drop) => drop.key !== null);
      expect(versions.map(rowOf)).toEqual(model.versions());
      snapshot.release();
      expect(drain(snapshot, scan('r')).map(rowOf)).toEqual(model.rows(clock.now));
      await closeStore(opened);
    }),
    { numRuns: 40 },
  );
});

test('sweeping and rebuilding change no answer; rebuilding no byte', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), segment, async (steps, length) => {
      const opened = openTestStore(undefined, undefined, 'relaxed', undefined, undefined, length);
      const { store, clock, environment, sweep } = opened;
      for (const { operations, wait, sweep: sweeping } of steps) {
        clock.now += wait;
        await opened.run(...operations).catch(() => undefined);
        const before = drain(store.snapshot(), scan('r'));
        if (sweeping) await sweep();
        expect(drain(store.snapshot(), scan('r'))).toEqual(before);
      }
      const bytes = derivedBytes(environment);
      const { records } = store.admin.rebuild();
      expect(records).toBe(store.snapshot().tx);
      expect(derivedBytes(environment)).toEqual(bytes);
      expect(store.admin.verify()).toMatchObject({ ok: true, checked: records });
      const live = drain(store.snapshot(), scan('r'));
      const { entities, events } = store.snapshot().statistics('r');
      expect(entities + events).toBeGreaterThanOrEqual(live.length);
      expect(live.every((drop) => isObject(drop.payload) || drop.payload !== null)).toBe(true);
      await closeStore(opened);
    }),
    { numRuns: 40 },
  );
});

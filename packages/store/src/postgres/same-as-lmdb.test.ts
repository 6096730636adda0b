import { DropsError } from '@drops/diagnostics';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { everythingOf } from '../read-all.fixture.js';
import type { CommitRequest, OperationResult, Store } from '../store.js';
import { step } from '../writing/steps.arbitrary.js';
import { missingPostgres, newFolder, newSchema, openAt } from './test-schema.fixture.js';

const missing = await missingPostgres();

/** What a commit answers, without random ids. */
async function answerOf(store: Store, request: CommitRequest): Promise<unknown> {
  try {
    const { tx, results } = await store.commit(request);
    const shown = (result: OperationResult): unknown =>
      'drop' in result ? { ...result, drop: { ...result.drop, drop_id: '' } } : result;
    return { tx, results: results.map(shown) };
  } catch (error) {
    if (error instanceof DropsError) return [error.diagnostic.code, error.message];
    throw error;
  }
}

describe.skipIf(missing !== undefined)('a store in PostgreSQL', () => {
  test('answers random units as a store in a folder does: alone, in groups, now and as of every commit', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 12 }),
        fc.boolean(),
        async (steps, together) => {
          const clock = { now: 1_700_000_000_000 };
          const places = [newFolder(), newSchema()];
          const stores = await Promise.all(places.map((place) => openAt(place, clock)));
          const [local, remote] = stores;
          if (!local || !remote) throw new Error('two stores were opened');
          const write = async (store: Store): Promise<readonly unknown[]> => {
            const answers: Promise<unknown>[] = [];
            clock.now = 1_700_000_000_000;
            for (const { operations, wait } of steps) {
              if (!together) clock.now += wait;
              answers.push(answerOf(store, { operations, writer: 'w' }));
              if (!together) await answers.at(-1);
            }
            return Promise.all(answers);
          };
          const answers = [await write(local), await write(remote)];
          expect(answers[1]).toEqual(answers[0]);
          const txs = Array.from({ length: 40 }, (_, i) => i);
          const shown = await everythingOf(remote, txs);
          expect(shown).toEqual(await everythingOf(local, txs));
          expect(await remote.log(0, 1000)).toEqual(local.log(0, 1000));
          await remote.admin.rebuild();
          expect(await everythingOf(remote, txs)).toEqual(shown);
          expect(await remote.admin.verify()).toMatchObject({ ok: true });
          await Promise.all(stores.map((store) => store.close()));
          await Promise.all(places.map((place) => place.remove()));
        },
      ),
      { numRuns: 12 },
    );
  }, 120_000);
});

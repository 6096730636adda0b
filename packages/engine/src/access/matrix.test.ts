import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSqlParser } from '@drops/analyzer';
import { fail } from '@drops/diagnostics';
import { openSearch } from '@drops/search';
import { openLmdbStore, type LocalStore } from '@drops/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../engine.js';
import { engineOver } from '../open.js';
import { deeds, type Verdict } from './deeds.fixture.js';
import { actors, claim, keyNamed, worlds } from './matrix.fixture.js';
import type { Place } from './model.fixture.js';

const folder = mkdtempSync(join(tmpdir(), 'drops-matrix-'));
const indexes = new Map(worlds.map(({ place }, i): [Place, number] => [place, i]));
const all = deeds((place) => indexes.get(place) ?? -1);
/** Verdicts of the whole run, for the report. */
const tally = new Map<Verdict, number>();
let store: LocalStore;
let engine: Engine;

/** Makes the places, and views over each of them. */
async function build(): Promise<void> {
  for (const { drops, writer } of worlds) {
    await store.commit({ operations: drops, writer: keyNamed(writer) });
  }
  await store.commit({ operations: [claim], writer: null });
  const admin = engineOver(store, openSearch(store), { data: folder });
  for (const { place } of worlds) {
    const i = indexes.get(place);
    const made = [
      await admin.exec(`find ${place.route} as view_${i}`),
      await admin.exec(`find ${place.route} group text count as amount as counts_${i}`),
    ];
    for (const { status, body } of made) if (status !== 200) throw new Error(JSON.stringify(body));
  }
}

beforeAll(async () => {
  await loadSqlParser();
  store = openLmdbStore({ path: folder, durability: 'relaxed' });
  await build();
  // Whatever gets as far as this was let in; nothing is changed by it, so that all is tried in the same state.
  const reading = { ...store, commit: async () => fail('STORE_FULL', 'let in') };
  engine = engineOver(reading, openSearch(store), { data: folder });
});

afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('every caller × every place × every way', () => {
  it.each(actors)('$name', async (actor) => {
    const wrong: string[] = [];
    for (const { place } of worlds) {
      for (const deed of all) {
        const expected = deed.expected(actor, place);
        const found = await deed.try(engine, actor.identity, place);
        tally.set(found, (tally.get(found) ?? 0) + 1);
        if (found !== expected) wrong.push(`${deed.name} in ${place.route}: ${found}, not ${expected}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('are more than 20,000 combinations, of which many are let in and many refused', () => {
    const tried = [...tally.values()].reduce((sum, n) => sum + n, 0);
    console.log(
      `access matrix: ${actors.length} callers × ${worlds.length} places × ${all.length} ways = ${tried}: ` +
        [...tally].map(([verdict, n]) => `${verdict} ${n}`).join(', '),
    );
    expect(tried).toBe(actors.length * worlds.length * all.length);
    expect(tried).toBeGreaterThan(20_000);
    for (const verdict of ['yes', 'KEY_REQUIRED', 'FORBIDDEN', 'NO_TRUST', 'left out'] as const) {
      expect(tally.get(verdict) ?? 0).toBeGreaterThan(50);
    }
  });
});

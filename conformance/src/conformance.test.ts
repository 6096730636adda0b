import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Door } from './door.js';
import { embeddedDoor, servedDoor, type EmbeddedOptions } from './embedded-door.js';
import { postgresPlace, reachPostgres } from './place.js';
import { playCase, playSetup, skipReason } from './play.js';
import { readGaps, readTopics } from './read-cases.js';

const gaps = readGaps();

const doors: Readonly<Record<string, (clock: string | undefined) => Promise<Door>>> = {
  embedded: (clock) => embeddedDoor({ optimise: true, clock } satisfies EmbeddedOptions),
  unoptimised: (clock) => embeddedDoor({ optimise: false, clock }),
  http: (clock) => servedDoor({ optimise: true, clock }),
  'on PostgreSQL': async (clock) => servedDoor({ optimise: true, clock, place: await postgresPlace() }),
};

const absent = await reachPostgres();
if (absent !== undefined) console.warn(`SKIPPED: the cases on a store in PostgreSQL: ${absent}`);

describe.each(Object.entries(doors))('%s', (name, openDoor) => {
  const skipped = name === 'on PostgreSQL' && absent !== undefined;
  describe.skipIf(skipped).each(readTopics())('$topic', ({ topic, file }) => {
    let door: Door;
    beforeAll(async () => {
      door = await openDoor(file.clock);
      await playSetup(file.setup, door);
    });
    afterAll(() => door?.close());

    it.for(file.cases)('$name', async (test, context) => {
      const reason = skipReason(file, test, door);
      if (reason !== undefined) context.skip(reason);
      const found = await playCase(test, door);
      const gap = gaps.get(`${topic}: ${test.name}`);
      if (gap === undefined && found.length > 0) throw new Error(found.join('\n'));
      if (gap !== undefined) expect(found, `the gap is closed, take it off the list: ${gap}`).not.toEqual([]);
    });
  });
});

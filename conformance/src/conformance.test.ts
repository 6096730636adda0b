import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Door } from './door.js';
import { embeddedDoor, servedDoor, type EmbeddedOptions } from './embedded-door.js';
import { playCase, playSetup, skipReason } from './play.js';
import { readGaps, readTopics } from './read-cases.js';

const gaps = readGaps();

const doors: Readonly<Record<string, (clock: string | undefined) => Promise<Door>>> = {
  embedded: (clock) => embeddedDoor({ optimise: true, clock } satisfies EmbeddedOptions),
  unoptimised: (clock) => embeddedDoor({ optimise: false, clock }),
  http: (clock) => servedDoor({ optimise: true, clock }),
};

describe.each(Object.entries(doors))('%s', (_name, openDoor) => {
  describe.each(readTopics())('$topic', ({ topic, file }) => {
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

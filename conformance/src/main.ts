import { parseArgs } from 'node:util';
import { httpDoor, type Door } from './door.js';
import { playCase, playSetup, skipReason } from './play.js';
import { watchedDoor } from './watched-door.js';
import { readGaps, readTopics, type Topic } from './read-cases.js';

const usage = `node conformance/run.mjs [--url URL] [--optimise off] [--only TEXT]

  --url URL        plays the cases against a running server, whose store should be empty
  --optimise off   without --url: the embedded engine with its optimiser off
  --only TEXT      only topics whose name holds this text`;

interface Tally {
  held: number;
  gaps: number;
  readonly skipped: Map<string, number>;
  readonly failed: string[];
}

/** Plays every topic through the door that the options name. Gives the exit code: 0 held, 1 not, 2 wrong usage. */
export async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === undefined) {
    console.error(usage);
    return 2;
  }
  const gaps = readGaps();
  const tally: Tally = { held: 0, gaps: 0, skipped: new Map(), failed: [] };
  for (const topic of readTopics().filter((one) => one.topic.includes(options.only))) {
    const door = await openDoor(options, topic);
    try {
      await playTopic(topic, door, gaps, tally);
    } finally {
      await door.close();
    }
  }
  return report(tally);
}

interface Options {
  readonly url: string | undefined;
  readonly optimise: boolean;
  readonly only: string;
}

function readOptions(args: readonly string[]): Options | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        url: { type: 'string' },
        optimise: { type: 'string', default: 'on' },
        only: { type: 'string', default: '' },
      },
    });
    return { url: values.url, optimise: values.optimise !== 'off', only: values.only };
  } catch {
    return undefined;
  }
}

async function openDoor({ url, optimise }: Options, { file }: Topic): Promise<Door> {
  if (url !== undefined) return watchedDoor(httpDoor(url));
  const { embeddedDoor } = await import('./embedded-door.js');
  return embeddedDoor({ optimise, clock: file.clock });
}

async function playTopic(
  { topic, file }: Topic,
  door: Door,
  gaps: ReadonlyMap<string, string>,
  tally: Tally,
): Promise<void> {
  let isSetUp = false;
  for (const test of file.cases) {
    const reason = skipReason(file, test, door);
    if (reason !== undefined) {
      tally.skipped.set(reason, (tally.skipped.get(reason) ?? 0) + 1);
      continue;
    }
    const name = `${topic}: ${test.name}`;
    try {
      if (!isSetUp) await playSetup(file.setup, door);
      isSetUp = true;
      const found = await playCase(test, door);
      settle(name, found, gaps.get(name), tally);
    } catch (thrown) {
      tally.failed.push(`${name}\n    ${String(thrown)}`);
    }
  }
}

function settle(name: string, found: readonly string[], gap: string | undefined, tally: Tally): void {
  if (gap !== undefined && found.length === 0)
    tally.failed.push(`${name}\n    the gap is closed, take it off the list: ${gap}`);
  else if (gap !== undefined) tally.gaps += 1;
  else if (found.length === 0) tally.held += 1;
  else tally.failed.push([name, ...found].join('\n    '));
}

function report({ held, gaps, skipped, failed }: Tally): number {
  for (const text of failed) console.log(`✗ ${text}`);
  const left = [...skipped].map(([reason, n]) => `${n} skipped (${reason})`);
  console.log([`${held} held`, `${failed.length} failed`, `${gaps} known gaps`, ...left].join(', '));
  return failed.length === 0 ? 0 : 1;
}

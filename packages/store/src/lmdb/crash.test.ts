import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { bundleProgram, startChild } from './testing/child.fixture.js';
import { derivedBytes } from './testing/table-bytes.fixture.js';
import {
  closeStore,
  drain,
  openTestStore,
  scan,
  temporaryFolder,
} from './testing/temporary-store.fixture.js';

interface Acknowledged {
  readonly puts: string[];
  batches: number;
  added: number;
}

/** Lets a writer run for some ms, kills it, and gives what it had acknowledged. */
async function runAndKill(program: string, path: string, round: number, ms: number): Promise<Acknowledged> {
  const child = startChild(program, [path, String(round)]);
  const seen: Acknowledged = { puts: [], batches: -1, added: 0 };
  child.lines.on('line', (line) => {
    const [kind, rest = ''] = line.split(' ');
    if (kind === 'put') seen.puts.push(rest);
    else if (kind === 'batch') seen.batches = Number(rest);
    else seen.added = Number(rest);
  });
  await new Promise((resolve) => child.lines.once('line', resolve));
  await wait(ms);
  child.process.kill('SIGKILL');
  await child.ended;
  return seen;
}

test('kill -9 loses nothing acknowledged and leaves no half batch', async () => {
  const program = await bundleProgram('writer-program.fixture');
  const path = join(temporaryFolder(), 'data');
  for (let round = 0; round < 4; round += 1) {
    const seen = await runAndKill(program, path, round, 40 + round * 90);
    const opened = openTestStore(path);
    const snapshot = opened.store.snapshot();
    for (const name of seen.puts) expect(snapshot.get('puts', name)).toMatchObject({ payload: { name } });
    for (let i = 0; i <= seen.batches; i += 1) {
      expect(snapshot.get('batches', `${round}-${i}-9`)).toMatchObject({ payload: i });
    }
    expect(drain(snapshot, scan('batches')).length % 10).toBe(0);
    const counter = snapshot.get('counters', String(round));
    const value = typeof counter === 'object' ? counter.payload : { n: 0 };
    // One more may have been on disk when its acknowledgement was cut off.
    expect([{ n: seen.added }, { n: seen.added + 1 }]).toContainEqual(value);
    expect(opened.store.admin.verify()).toMatchObject({ ok: true });
    const derived = derivedBytes(opened.environment);
    opened.store.admin.rebuild();
    expect(derivedBytes(opened.environment)).toEqual(derived);
    expect(seen.puts.length).toBeGreaterThan(0);
    await closeStore(opened);
  }
}, 60_000);

import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { temporaryFolder } from '../testing/temporary-store.fixture.js';
import { createChangeRecorder } from './change-record.js';
import { openLogFile, type LogEnd, type LogFile } from './log-file.js';
import { decodePlace, encodePlace, firstPlace, roomFor, roomInEmpty, type LogPlace } from './log-place.js';

let open: LogFile[] = [];
afterEach(() => {
  for (const log of open) log.close();
  open = [];
});

function openLog(): LogFile {
  const log = openLogFile(join(temporaryFolder(), 'store.log'));
  open.push(log);
  log.grow();
  return log;
}

const recorder = createChangeRecorder(['table']);
/** A record whose value says which it is. */
function recordOf(number: number, length: number): Buffer {
  recorder.begin();
  recorder.put(0, `${number}`, Buffer.alloc(length, number));
  recorder.end();
  return recorder.record() ?? Buffer.alloc(0);
}

/** The records that follow an end, without their hashes. */
function following(log: LogFile, end: LogEnd): readonly string[] {
  const found: string[] = [];
  for (let next = log.next(end); next; next = log.next(next.end)) found.push(next.record.toString('hex', 32));
  return found;
}

test('what follows a checkpoint is found, however often the log was gone round', () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ append: fc.integer({ min: 1, max: 300_000 }) }) },
    { weight: 1, arbitrary: fc.constant('checkpoint' as const) },
    // A process that is killed between its sync and the end of its transaction.
    { weight: 1, arbitrary: fc.record({ orphan: fc.integer({ min: 1, max: 300_000 }) }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const log = openLog();
      const size = log.size();
      let place: LogPlace = firstPlace;
      let checkpoint: LogPlace = place;
      let expected: string[] = [];
      const makeCheckpoint = (): void => {
        checkpoint = place;
        place = { ...place, from: place.at };
        expected = [];
      };
      const write = (number: number, length: number): LogPlace => {
        const record = recordOf(number, length);
        let at = roomFor(place, record.length, size);
        if (at === undefined) {
          makeCheckpoint();
          at = roomInEmpty(place.at, record.length, size) ?? 0;
          place = { ...place, from: at };
        }
        return { ...place, ...log.append(record, place, at) };
      };
      steps.forEach((one, i) => {
        if (one === 'checkpoint') return makeCheckpoint();
        if ('orphan' in one) return void write(i, one.orphan);
        const body = recordOf(i, one.append).toString('hex', 32);
        place = write(i, one.append);
        expected.push(body);
        expect(following(log, checkpoint).slice(0, expected.length)).toEqual(expected);
      });
    }),
    { seed: 5, numRuns: 40 },
  );
}, 60_000);

test('a record that was torn or is of an older round is not taken', () => {
  const log = openLog();
  const first = log.append(recordOf(1, 1000), firstPlace, 0);
  const second = log.append(recordOf(2, 1000), first, first.at);
  expect(following(log, firstPlace)).toHaveLength(2);
  // Another first record: the second does not follow it.
  log.append(recordOf(3, 1000), firstPlace, 0);
  expect(following(log, firstPlace)).toHaveLength(1);
  expect(following(log, first)).toHaveLength(1);
  log.erase(first.at);
  expect(following(log, first)).toEqual([]);
  expect(following(log, second)).toEqual([]);
});

test('a place reads back as it was written', () => {
  const place = { at: 2 ** 33, from: 7, checkpoint: 2 ** 40, isGap: true, hash: Buffer.alloc(32, 9) };
  expect(decodePlace(encodePlace(place))).toEqual(place);
});

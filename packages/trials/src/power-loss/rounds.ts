import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Findings } from '../check-store.js';
import { createRandom } from '../random.js';
import { writersOf, type Progress } from '../writers.js';
import { createChecker, type Checker } from './checker.js';
import { createDisk, type Disk } from './disk.js';
import { fateNames, fateOf } from './fates.js';
import { readJournal, type JournalRecord } from './journal.js';

/** Programs as plain Node runs them, and the library that goes before them. */
export interface PowerLossPrograms {
  readonly interposer: string;
  readonly writing: string;
  readonly checking: string;
}

export interface PowerLossOptions {
  /** Images of the disk to be checked. */
  readonly rounds: number;
  readonly seed: number;
  readonly programs: PowerLossPrograms;
  /** Default full. With relaxed, commits that no sync of the log has followed may be lost. */
  readonly durability?: 'full' | 'relaxed';
  /** False: a disk that lies about syncs, which must be found out. */
  readonly heedsSyncs?: boolean;
  /** Told of each image when it is checked. */
  readonly onRound?: (round: PowerLossRound) => void;
}

export interface PowerLossRound {
  readonly number: number;
  /** Record of the journal after which power was lost, of so many. */
  readonly cut: number;
  readonly records: number;
  readonly fate: string;
  readonly acknowledged: number;
  readonly findings: Findings;
}

export interface PowerLossSummary {
  readonly rounds: number;
  readonly acknowledged: number;
  readonly problems: readonly string[];
  /** The images, where something was wrong. */
  readonly folder: string;
}

/** Images of one life of a process. */
const cutsOfLife = 20;
/** Lives of one store: each goes on with an image that the one before left. */
const livesOfStore = 5;

/** The files of a store that are written. Those of locks are whole when they get their names, or empty after a restart. */
const storeFiles = ['store.mdb', 'store.log', 'checkpoint.mdb'] as const;

interface Life {
  readonly round: number;
  readonly data: string;
  /** The files of the store before; undefined where there was none. */
  readonly initial: readonly (Buffer | undefined)[];
  readonly total: number;
  readonly journal: readonly JournalRecord[];
}

function live(options: PowerLossOptions, data: string, round: number, random: () => number): Life['journal'] {
  const { interposer, writing } = options.programs;
  const [notes, journal] = [`${data}.notes`, `${data}.journal`];
  for (const file of [notes, journal]) rmSync(file, { force: true });
  // Now and then so many that the log is gone round, with checkpoints on the way.
  const statements = Math.floor(random() < 0.3 ? 30 + random() * 40 : 3 + random() * 12);
  const words = [writing, data, notes, String(round), String(statements), options.durability ?? 'full'];
  const { status, stderr } = spawnSync(process.execPath, words, {
    encoding: 'utf8',
    env: {
      ...process.env,
      LD_PRELOAD: interposer,
      DROPS_POWER_FILES: storeFiles.join(':'),
      DROPS_POWER_FOLDER: data,
      DROPS_POWER_NOTES: notes,
      DROPS_POWER_JOURNAL: journal,
    },
  });
  if (status !== 0) throw new Error(`the writing process ended with ${status}: ${stderr}`);
  return readJournal(journal);
}

const disksOf = (initial: Life['initial'], heedsSyncs = true): readonly Disk[] =>
  initial.map((bytes, file) => createDisk(bytes, heedsSyncs, file));

/** A journal that has left out a write would prove nothing. */
function checkWhole({ journal, initial, data }: Life): void {
  disksOf(initial).forEach((disk, file) => {
    const name = storeFiles[file] ?? '';
    for (const record of journal) disk.apply(record);
    if (!disk.seen().equals(readFileSync(join(data, name))))
      throw new Error(`the journal does not lead to ${name}: a write went by the interposer`);
  });
}

const acknowledgedIn = (records: readonly JournalRecord[]): readonly number[] => {
  const counts = writersOf(0).map(() => 0);
  for (const record of records) {
    if (record.kind === 'note') counts[Number(record.text)]! += 1;
  }
  return counts;
};

/** What had been begun before the last sync of the log that has ended. */
function syncedPart(records: readonly JournalRecord[]): readonly JournalRecord[] {
  const done = new Set(records.flatMap((one) => (one.kind === 'end' && one.result === 0 ? [one.id] : [])));
  const log = storeFiles.indexOf('store.log');
  const last = records.findLastIndex(
    (one) => one.kind === 'sync' && one.of === 'file' && one.file === log && done.has(one.id),
  );
  return records.slice(0, Math.max(0, last));
}

/** What each writer was told, and what of it is sure: with relaxed durability only what was followed by a sync. */
function progressIn(records: readonly JournalRecord[], relaxed: boolean): readonly Progress[] {
  const sure = relaxed ? acknowledgedIn(syncedPart(records)) : undefined;
  return acknowledgedIn(records).map((acknowledged, i) => ({
    acknowledged,
    underWay: true,
    mayLose: acknowledged - (sure?.[i] ?? acknowledged),
  }));
}

/** Records in which a process opens a store, or makes one. */
const opening = 100;

/** Cuts of a journal, in order; a quarter of them while the store is being opened. */
function cutsOf(length: number, count: number, random: () => number): readonly number[] {
  const cut = () => 1 + Math.floor(random() * (random() < 0.25 ? Math.min(opening, length) : length));
  return Array.from({ length: count }, cut).sort((a, b) => a - b);
}

/** Where an image stays as it was found: the next life begins with its recovery, in which power may be lost again. */
const untouched = (image: string): string => `${image}-untouched`;

/** Checks images of one life. */
async function checkLife(
  life: Life,
  firstNumber: number,
  count: number,
  options: PowerLossOptions,
  checker: Checker,
  random: () => number,
  report: (round: PowerLossRound, folder: string) => void,
): Promise<void> {
  const disks = disksOf(life.initial, options.heedsSyncs);
  let applied = 0;
  let last = 0;
  for (const [i, cut] of cutsOf(life.journal.length, count, random).entries()) {
    for (; applied < cut; applied += 1) {
      const record = life.journal[applied]!;
      if (record.kind === 'write') last = record.id;
      for (const disk of disks) disk.apply(record);
    }
    const fate = fateNames[Math.floor(random() * fateNames.length)]!;
    const images = disks.map((disk) => disk.image(fateOf(fate, random, last), random() < 0.5));
    const folder = `${life.data}-image-${firstNumber + i}`;
    for (const place of [folder, untouched(folder)]) {
      mkdirSync(place);
      images.forEach((image, file) => {
        if (image) writeFileSync(join(place, storeFiles[file] ?? ''), image);
      });
    }
    const progress = progressIn(life.journal.slice(0, cut), options.durability === 'relaxed');
    const { round, total } = life;
    const findings = await checker.check({ data: folder, round, progress, total });
    const sum = progress.reduce((all, { acknowledged }) => all + acknowledged, 0);
    report(
      {
        number: firstNumber + i,
        cut,
        records: life.journal.length,
        fate: images.every((image) => image === undefined) ? 'no file' : fate,
        acknowledged: sum,
        findings,
      },
      folder,
    );
  }
}

/**
 * Lets processes write under the interposer, loses power at random moments of what they did, and checks the store that
 * is then on the disk. The images stay in a temporary folder when something was wrong.
 */
export async function powerLossRounds(options: PowerLossOptions): Promise<PowerLossSummary> {
  const { rounds, seed, programs, onRound } = options;
  const random = createRandom(seed);
  const folder = mkdtempSync(join(tmpdir(), 'drops-power-'));
  const checker = createChecker(programs.checking);
  const problems: string[] = [];
  let acknowledged = 0;
  let survivor: { readonly folder: string; readonly total: number } | undefined;
  for (let number = 0, life = 0; number < rounds; number += cutsOfLife, life += 1) {
    const round = life % livesOfStore;
    const before = round === 0 ? undefined : survivor;
    const data = before?.folder ?? join(folder, `life-${life}`);
    mkdirSync(data, { recursive: true });
    const initial = storeFiles.map((name) => {
      const file = join(data, name);
      return existsSync(file) ? readFileSync(file) : undefined;
    });
    const journal = live(options, data, round, random);
    const lived: Life = { round, data, initial, total: before?.total ?? 0, journal };
    checkWhole(lived);
    survivor = undefined;
    const report = (result: PowerLossRound, image: string): void => {
      onRound?.(result);
      acknowledged += result.acknowledged;
      const { problems: found, total } = result.findings;
      problems.push(
        ...found.map((problem) => `round ${result.number} (${result.fate}, ${image}): ${problem}`),
      );
      if (found.length > 0) return;
      rmSync(image, { recursive: true });
      if (survivor) rmSync(survivor.folder, { recursive: true });
      survivor = { folder: untouched(image), total };
    };
    const count = Math.min(cutsOfLife, rounds - number);
    await checkLife(lived, number, count, options, checker, random, report);
  }
  checker.stop();
  if (problems.length === 0) rmSync(folder, { recursive: true });
  return { rounds, acknowledged, problems, folder };
}

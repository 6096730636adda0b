import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { askingTime, fillGolden, goldenAnswers, goldenTime } from './golden.fixture.js';
import { openLmdbStore } from '../open-lmdb-store.js';

/* Writes a golden store into a folder: data/store.mdb, backup, answers.json. */
const [, , folder = ''] = process.argv;
mkdirSync(folder);
const clock = { now: goldenTime };
const store = openLmdbStore({ path: join(folder, 'data'), clock: () => clock.now });
await fillGolden(store, clock);
clock.now = askingTime;
const { problem, ...verified } = store.admin.verify();
if (problem !== undefined) throw new Error(problem);
const snapshot = store.snapshot();
const answers = { verified, answers: goldenAnswers(snapshot) };
snapshot.release();
writeFileSync(join(folder, 'answers.json'), `${JSON.stringify(answers, null, 1)}\n`);
await store.admin.backup(join(folder, 'backup'));
await store.close();

import { openLmdbStore } from '../open-lmdb-store.js';

/* Opens and closes the store in argument 2 as often as argument 3 says, and tells it by a line each. */
const [, , path = '', times = ''] = process.argv;
for (let i = 0; i < Number(times); i += 1) {
  const store = openLmdbStore({ path, durability: 'relaxed' });
  await store.close();
  process.stdout.write(`${i}\n`);
}

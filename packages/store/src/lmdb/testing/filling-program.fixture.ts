import { DropsError } from '@drops/diagnostics';
import { openLmdbStore } from '../open-lmdb-store.js';

/* Writes until the disk refuses, then checks that nothing is lost and that small writes still find a place. Prints JSON. */
const [, , path = ''] = process.argv;
const store = openLmdbStore({ path });
const commit = (key: string, length: number) => {
  const operation = { kind: 'put', route: 'r', key, payload: 'x'.repeat(length) } as const;
  return store.commit({ operations: [operation, { ...operation, key: `${key}-twin` }], writer: null });
};

let written = 0;
let code = 'none';
try {
  for (; written < 5000; written += 1) await commit(`k${written}`, 5000);
} catch (thrown) {
  code = thrown instanceof DropsError ? thrown.diagnostic.code : String(thrown);
}
const snapshot = store.snapshot();
const last = snapshot.get('r', `k${written - 1}-twin`);
const half = snapshot.get('r', `k${written}`);
const { tx } = snapshot;
snapshot.release();
const after = await commit('small', 1).then(
  () => 'written',
  () => 'refused',
);
const { ok } = store.admin.verify();
const present = typeof last === 'object';
process.stdout.write(
  `${JSON.stringify({ code, last: present, half: half === undefined, heads: tx === written * 2, after, ok })}\n`,
);
await store.close();

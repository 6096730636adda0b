import { createInterface } from 'node:readline';
import { openLmdbStore } from '@drops/store';
import { checkStore } from '../check-store.js';
import { writersOf } from '../writers.js';
/* Checks stores that are named on lines of JSON, and answers each with a line of JSON. A bad one may kill it. */
async function check({ data, round, progress, total }) {
    const store = openLmdbStore({ path: data });
    try {
        await store.admin.indexesSettled();
        return await checkStore(store, data, writersOf(round), progress, total);
    }
    finally {
        await store.close();
    }
}
for await (const line of createInterface({ input: process.stdin })) {
    // The one writer of these lines is the trial itself.
    const request = JSON.parse(line);
    const answer = await check(request).catch((error) => ({
        applied: [],
        records: 0,
        total: 0,
        problems: [error instanceof Error ? error.message : String(error)],
    }));
    process.stdout.write(`${JSON.stringify(answer)}\n`);
}
//# sourceMappingURL=checking-process.js.map
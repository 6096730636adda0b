import { createHash } from 'node:crypto';
/** Drops along an access path of a local store, in batches. */
function* batchesOf(snapshot, path) {
    const source = snapshot.run(path);
    if (!source)
        throw new Error(`the store does not take ${path.kind}`);
    for (;;) {
        const batch = source.next();
        if (batch instanceof Promise)
            throw new Error('a local store answers at once');
        if (batch === null)
            return;
        yield batch;
    }
}
/** All drops along an access path of a local store. */
export function drain(snapshot, path) {
    return [...batchesOf(snapshot, path)].flat();
}
function addRows(hash, snapshot, path) {
    hash.update(`${path.kind}\n`);
    for (const batch of batchesOf(snapshot, path)) {
        for (const drop of batch)
            hash.update(`${JSON.stringify(drop)}\n`);
    }
}
/** The rows of each index of a route that is ready, in its order. */
function addIndexes(hash, snapshot, route) {
    for (const { id, fields, state } of snapshot.indexes(route)) {
        if (state !== 'ready')
            continue;
        const order = { kind: 'values', fields: fields.length, descending: false };
        addRows(hash, snapshot, { kind: 'IndexScan', route, index: id, fields, equal: [], order, rows: 'all' });
    }
}
/** One hash over everything that a store answers: current rows, history, indexes, statistics, of every route. */
export function answersOf(snapshot) {
    const hash = createHash('sha256');
    for (const route of snapshot.routes()) {
        hash.update(JSON.stringify([route, snapshot.statistics(route)]));
        addRows(hash, snapshot, { kind: 'RouteScan', route, subtree: false, rows: 'all' });
        addRows(hash, snapshot, { kind: 'HistoryScan', route, subtree: false, newestFirst: false });
        addIndexes(hash, snapshot, route);
    }
    return hash.digest('hex');
}
//# sourceMappingURL=same-answers.js.map
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { open } from '@drops/engine';
/** Bytes of each filled drop, about. */
const dropBytes = 3000;
const batch = 2000;
/** How many drops fill so many MB. */
export const dropsOf = (megabytes) => Math.ceil((megabytes * 2 ** 20) / dropBytes);
/** The payload of a filled drop: nothing in it can be made smaller. */
const payload = (mark) => ({ mark, filler: randomBytes((dropBytes * 3) / 8).toString('hex') });
/** Fills a store with drops `filled @0`, `@1` …, under an index: more than memory is to hold. */
export async function fill(data, count) {
    const engine = await open({ data, durability: 'relaxed' });
    try {
        const { status } = await engine.exec('define filled index mark');
        if (status !== 200)
            throw new Error(`the index of the filled drops was answered with ${status}`);
        for (let first = 0; first < count; first += batch) {
            const size = Math.min(batch, count - first);
            const drops = Array.from({ length: size }, (_, i) => ({
                key: String(first + i),
                payload: payload(`filled-${first + i}`),
            }));
            const reply = await engine.write('filled', drops);
            if (reply.status !== 200)
                throw new Error(`filling was answered with ${reply.status}`);
        }
    }
    finally {
        await engine.close();
    }
}
/** Lets the system forget what it holds of a store in memory, where it can be asked to: what reads it next reads the disk. */
export function forgetPages(data) {
    const words = [`of=${join(data, 'store.mdb')}`, 'oflag=nocache', 'conv=notrunc,fdatasync', 'count=0'];
    spawnSync('dd', words, { stdio: 'ignore' });
}
//# sourceMappingURL=fill.js.map
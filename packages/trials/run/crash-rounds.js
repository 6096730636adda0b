import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crashRound } from './crash-round.js';
import { dropsOf, fill, forgetPages } from './fill.js';
import { limitMemory } from './memory-limit.js';
import { createRandom } from './random.js';
/** A store lives through so many crashes; then a new one keeps the checks quick. */
const roundsOfStore = 10;
const longestRun = 500;
function momentOf(dice) {
    if (dice < 0.1)
        return 'start';
    return dice < 0.2 ? 'opening' : 'acknowledgement';
}
function planRound(number, random) {
    const after = momentOf(random());
    return { number, mode: number % 2 === 0 ? 'http' : 'engine', after, ms: Math.floor(longestRun * random()) };
}
/** Runs rounds of crashes on stores in a temporary folder, which stays when something was wrong. */
export async function crashRounds(options) {
    const { rounds, seed, programs, fill: megabytes = 0, memory, onRound } = options;
    const random = createRandom(seed);
    const folder = mkdtempSync(join(tmpdir(), 'drops-crash-'));
    const limit = memory === undefined ? undefined : limitMemory(memory * 2 ** 20);
    const filled = dropsOf(megabytes);
    let [acknowledged, unacknowledged, total] = [0, 0, 0];
    const problems = [];
    for (let number = 0; number < rounds; number += 1) {
        const data = join(folder, `store-${Math.floor(number / roundsOfStore)}`);
        if (number % roundsOfStore === 0) {
            total = 0;
            if (filled > 0)
                await fill(data, filled);
        }
        if (filled > 0)
            forgetPages(data);
        const last = number % roundsOfStore === roundsOfStore - 1 || number === rounds - 1;
        // Rebuilding a large store takes minutes: once is enough.
        const rebuild = last || filled === 0;
        const round = { ...planRound(number, random), rebuild, filled, group: limit?.processes };
        const result = await crashRound(round, programs, data, total);
        total = result.total;
        acknowledged += result.acknowledged;
        unacknowledged += result.unacknowledged;
        problems.push(...result.problems.map((problem) => `round ${number} (${round.mode}): ${problem}`));
        onRound?.(round, result);
        if (last && problems.length === 0)
            rmSync(data, { recursive: true });
    }
    limit?.remove();
    if (problems.length === 0)
        rmSync(folder, { recursive: true });
    else
        problems.push(`the stores are in ${folder}`);
    const limited = memory === undefined || limit !== undefined;
    return { rounds, acknowledged, unacknowledged, limited, problems };
}
//# sourceMappingURL=crash-rounds.js.map
import { createRandom } from '../random.js';
import { makeQuestion, makeTables } from './generate.js';
import { openBench } from './round.js';
import { shrink } from './shrink.js';
import { toDrops, toSql } from './syntaxes.js';
/** Failures that are shown in full, each shrunk. */
const mostShown = 10;
/**
 * Asks random questions of random rows in every way there is, and compares the answers with their plain meaning. The
 * seed of a set of rows is the seed of the run plus its number, so that one failing set can be asked again alone.
 */
export async function runDifferential(options) {
    const { seed, questions, perTables, rows, databases, onProgress } = options;
    const counts = new Map();
    const failures = [];
    let asked = 0;
    for (let set = 0; asked < questions && failures.length < mostShown; set += 1) {
        const random = createRandom(seed + set);
        const bench = await openBench(makeTables(random, rows), databases);
        try {
            for (let i = 0; i < perTables && asked < questions; i += 1) {
                const question = makeQuestion(random);
                asked += 1;
                if ((await bench.check(question, counts)).length === 0)
                    continue;
                const nobody = new Map();
                const small = await shrink(question, async (one) => (await bench.check(one, nobody)).length > 0);
                const problems = await bench.check(small, nobody);
                failures.push({ seed: seed + set, drops: toDrops(small), sql: toSql(small), problems });
                if (failures.length >= mostShown)
                    break;
            }
        }
        finally {
            await bench.close();
        }
        onProgress?.(asked, failures.length);
    }
    return { asked, failures, counts };
}
//# sourceMappingURL=run-differential.js.map
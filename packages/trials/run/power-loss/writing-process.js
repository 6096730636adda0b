import { openSync, writeSync } from 'node:fs';
import { open } from '@drops/engine';
import { writersOf } from '../writers.js';
/*
 * Eight writers write some statements each to the store of a folder, and note each acknowledgement in a file, so that
 * the interposer sees it in order with the writes to the disk. Then it ends, without closing anything.
 * Arguments: folder, file of notes, number of the round, statements of each writer, durability.
 */
const [, , data = '', notes = '', round = '0', statements = '0', durability = 'full'] = process.argv;
const notebook = openSync(notes, 'a');
const engine = await open({ data, durability: durability === 'relaxed' ? 'relaxed' : 'full' });
const run = async (text) => {
    const { status, body } = await engine.exec(text);
    if (status !== 200)
        throw new Error(`${text.slice(0, 60)}: ${JSON.stringify(body)}`);
};
if (Number(round) === 0) {
    await run('define puts index n');
    await run('define batches index n, filler');
}
await Promise.all(writersOf(Number(round)).map(async (writer, w) => {
    for (let i = 0; i < Number(statements); i += 1) {
        await run(writer.statement(i));
        writeSync(notebook, `${w}\n`);
    }
}));
process.exit(0);
//# sourceMappingURL=writing-process.js.map
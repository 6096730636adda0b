import { createInterface } from 'node:readline';
import { open } from '@drops/engine';
/*
 * An engine in a process of its own: reads lines `<id> <statement as JSON>`, answers each with `<id> <status>` once it
 * is acknowledged. Many statements may be under way at once. Prints `ready` when it is open.
 */
const [, , data = ''] = process.argv;
const engine = await open({ data });
process.stdout.write('ready\n');
createInterface({ input: process.stdin }).on('line', (line) => {
    const space = line.indexOf(' ');
    const text = JSON.parse(line.slice(space + 1));
    void engine.exec(String(text)).then(({ status }) => {
        process.stdout.write(`${line.slice(0, space)} ${status}\n`);
    });
});
//# sourceMappingURL=engine-process.js.map
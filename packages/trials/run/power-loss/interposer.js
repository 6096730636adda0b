import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
const source = fileURLToPath(new URL('../../src/power-loss/interposer.c', import.meta.url));
/** Builds the library that writes down what a process does to its file; or says why that cannot be here. */
export function buildInterposer(folder) {
    if (process.platform !== 'linux')
        return { missing: `LD_PRELOAD is for Linux, this is ${process.platform}` };
    const library = join(folder, 'interposer.so');
    try {
        execFileSync('cc', ['-O1', '-shared', '-fPIC', '-o', library, source, '-ldl', '-lpthread'], {
            stdio: ['ignore', 'ignore', 'pipe'],
        });
    }
    catch (error) {
        return { missing: `cc does not build the interposer: ${error instanceof Error ? error.message : ''}` };
    }
    const { status } = spawnSync(process.execPath, ['--version'], { env: { LD_PRELOAD: library } });
    return status === 0 ? { library } : { missing: 'this Node does not start under LD_PRELOAD' };
}
//# sourceMappingURL=interposer.js.map
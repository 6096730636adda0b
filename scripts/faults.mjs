// pnpm faults [COMMANDS]: the trial of the store in which each write call of a script of commands fails in turn.
import { programOf, runNode } from './toolchain.mjs';

const commands = process.argv.slice(2).find((word) => /^\d+$/.test(word)) ?? '1000';
const tests = ['packages/store/src/lmdb/faults.test.ts', 'packages/store/src/lmdb/full-disk.test.ts'];
process.exitCode = await runNode([programOf('vitest'), 'run', ...tests], {
  env: { ...process.env, DROPS_FAULT_COMMANDS: commands },
});

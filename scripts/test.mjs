// npm test: installs, builds, then everything that CI does. Arguments go to vitest: npm test -- packages/cli
import { buildAll } from './build.mjs';
import { install, programOf, requireNode, root, runNode } from './toolchain.mjs';

requireNode(20);
process.chdir(root);
await install();

const steps = [
  ['build', () => buildAll()],
  ['lint', () => passes(programOf('eslint'), '.')],
  ['format', () => passes(programOf('prettier'), '--check', '--log-level', 'warn', '.')],
  ['types of the tests', () => passes(programOf('typescript', 'tsc'), '-p', 'tsconfig.tests.json')],
  ['tests', () => passes(programOf('vitest'), 'run', ...process.argv.slice(2))],
];

async function passes(...args) {
  return (await runNode(args)) === 0;
}

// Every step runs, so that one report shows all that is wrong.
const failed = [];
for (const [name, step] of steps) {
  console.error(`\n— ${name}`);
  if (!(await step())) failed.push(name);
}
console.error(failed.length === 0 ? '\nall is well' : `\nfailed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;

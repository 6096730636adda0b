// Compiles what the benchmarks measure beside us and no install brings ready, once: an install neither takes those minutes nor looks for binaries elsewhere.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root, runNpm } from './toolchain.mjs';

const natives = [
  { name: 'better-sqlite3', made: 'better_sqlite3.node', script: 'build-release' },
  { name: 'hnswlib-node', made: 'addon.node', script: 'rebuild' },
];

for (const { name, made, script } of natives) {
  const folder = join(root, 'packages', 'bench', 'node_modules', name);
  if (!existsSync(folder) || existsSync(join(folder, 'build', 'Release', made))) continue;
  console.error(`compiling ${name}, once, about a minute …`);
  const nodeHome = dirname(dirname(process.execPath));
  const env = { ...process.env, npm_config_loglevel: 'silent' };
  // The headers that came with this Node, where they did: node-gyp would fetch them.
  if (existsSync(join(nodeHome, 'include', 'node', 'node.h'))) env.npm_config_nodedir ??= nodeHome;
  const code = await runNpm(['run', '--silent', script], env, folder);
  if (code !== 0) console.error(`${name} did not compile: it is left out`);
}

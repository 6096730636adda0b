// Compiles better-sqlite3 for the benchmarks, once: an install neither takes that minute nor looks for a binary elsewhere.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root, runNpm } from './toolchain.mjs';

const folder = join(root, 'packages', 'bench', 'node_modules', 'better-sqlite3');
const made = join(folder, 'build', 'Release', 'better_sqlite3.node');

if (existsSync(folder) && !existsSync(made)) {
  console.error('compiling better-sqlite3, once, about a minute …');
  const nodeHome = dirname(dirname(process.execPath));
  const env = { ...process.env, npm_config_loglevel: 'silent' };
  // The headers that came with this Node, where they did: node-gyp would fetch them.
  if (existsSync(join(nodeHome, 'include', 'node', 'node.h'))) env.npm_config_nodedir ??= nodeHome;
  const code = await runNpm(['run', '--silent', 'build-release'], env, folder);
  if (code !== 0) console.error('better-sqlite3 did not compile: SQLite is left out');
}

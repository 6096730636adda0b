// npm start: installs, builds, serves ./data on http://127.0.0.1:7700 until it is told to stop.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildAll } from './build.mjs';
import { install, requireNode, root } from './toolchain.mjs';

requireNode(20);
process.chdir(root);
await install();
if (!(await buildAll())) {
  console.error('the build failed; see above');
  process.exit(1);
}

// Told to stop, npm ends its shell, and the shell does not pass it on: losing the parent means the same.
const parent = process.ppid;
const watch = setInterval(() => {
  if (process.ppid === parent) return;
  clearInterval(watch);
  process.kill(process.pid, 'SIGTERM');
}, 250);
watch.unref();

const { main } = await import(pathToFileURL(join(root, 'packages', 'cli', 'dist', 'drops.mjs')).href);
process.exitCode = await main(['serve', '--hello', ...process.argv.slice(2)]);

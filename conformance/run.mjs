// Plays the conformance cases: `node conformance/run.mjs --url http://127.0.0.1:7700`. Builds what is out of date first.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

const built = spawnSync(process.execPath, [path('../node_modules/typescript/bin/tsc'), '-b', path('.')], {
  stdio: ['ignore', 2, 2],
});
if (built.status === 0) {
  const { main } = await import('./dist/main.js');
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.exitCode = 1;
}

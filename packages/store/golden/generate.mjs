// Makes the golden store of a new format version, once:  node packages/store/golden/generate.mjs v2
// Never again for a version that was released: what it wrote then is what must still be readable.
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { spawnSync } from 'node:child_process';
import { build } from 'esbuild';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const [, , version = ''] = process.argv;
if (!/^v\d+$/.test(version) || existsSync(path(version))) {
  console.error('a new version expected, such as v2');
  process.exit(2);
}
const program = path('../node_modules/.tests/golden-program.mjs');
mkdirSync(path('../node_modules/.tests'), { recursive: true });
await build({
  entryPoints: [path('../src/lmdb/testing/golden-program.fixture.ts')],
  outfile: program,
  bundle: true,
  platform: 'node',
  format: 'esm',
  external: ['lmdb'],
  conditions: ['drops-source'],
  logLevel: 'error',
});
process.exitCode = spawnSync(process.execPath, [program, path(version)], { stdio: 'inherit' }).status ?? 1;
// A closed store stands in store.mdb alone.
for (const name of readdirSync(path(`${version}/data`))) {
  if (name !== 'store.mdb') rmSync(path(`${version}/data/${name}`));
}

import { mkdirSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** A program of this package as plain Node runs it, made of the sources; `path` is relative to this folder. */
export async function bundleProgram(path: string): Promise<string> {
  // Beside the store's own modules, from where it finds lmdb.
  const folder = fileURLToPath(new URL('../../store/node_modules/.tests', import.meta.url));
  mkdirSync(folder, { recursive: true });
  const outfile = `${folder}/${basename(path, '.ts')}.mjs`;
  await build({
    entryPoints: [fileURLToPath(new URL(path, import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['lmdb'],
    conditions: ['drops-source'],
    // Some dependencies are CommonJS.
    banner: {
      js: "import { createRequire as __make } from 'node:module'; const require = __make(import.meta.url);",
    },
    logLevel: 'error',
  });
  return outfile;
}

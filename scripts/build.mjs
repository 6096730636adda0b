// Builds every package (tsc -b) and the one bundle of the command (esbuild). Skipped while no source changed.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { programOf, requireNode, root, runNode } from './toolchain.mjs';

const cli = join(root, 'packages', 'cli');
const outputs = join(cli, 'dist');
const bundleFile = join(outputs, 'drops.mjs');
const stamps = { types: join(root, 'node_modules', '.drops-build'), bundle: join(outputs, '.bundle-stamp') };

/** Size and time of every source: cheap, and enough to see that something changed. */
function fingerprint() {
  const hash = createHash('sha256');
  const add = (path) => {
    const { size, mtimeMs } = statSync(path);
    hash.update(`${path} ${size} ${mtimeMs}\n`);
  };
  const walk = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) walk(path);
      else if (!entry.name.endsWith('.test.ts')) add(path);
    }
  };
  for (const name of readdirSync(join(root, 'packages'))) {
    const folder = join(root, 'packages', name);
    for (const file of ['package.json', 'tsconfig.json']) {
      if (existsSync(join(folder, file))) add(join(folder, file));
    }
    if (existsSync(join(folder, 'src'))) walk(join(folder, 'src'));
  }
  for (const file of ['tsconfig.base.json', 'tsconfig.json', 'pnpm-lock.yaml', 'scripts/build.mjs']) {
    add(join(root, file));
  }
  return hash.digest('hex');
}

function isFresh(stamp, wanted) {
  return existsSync(bundleFile) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
}

/**
 * A file for the launcher and chunks behind it, so that `--version` loads no parser. Commands without a store are a build of their own: esbuild
 * decides for all entries of a build together what of a package is used, so `compile` would load the store.
 */
async function bundle() {
  const built = [await bundleOf('drops', 'main.ts'), await bundleOf('offline', 'offline.ts')];
  // Chunks of earlier builds go last, so that a failed build leaves a working command behind.
  const made = new Set(built.flatMap(({ outputs }) => Object.keys(outputs).map((path) => join(root, path))));
  for (const name of readdirSync(join(outputs, 'chunks'))) {
    const path = join(outputs, 'chunks', name);
    if (!made.has(path)) rmSync(path);
  }
}

async function bundleOf(name, entry) {
  const { build } = await import('esbuild');
  const { metafile } = await build({
    entryPoints: { [name]: join(cli, 'src', entry) },
    outdir: outputs,
    chunkNames: 'chunks/[name]-[hash]',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['drops-source'],
    // Native code and WebAssembly stay where they were installed.
    external: ['lmdb', 'libpg-query', 'node-sqlite3-wasm', 'usearch'],
    banner: {
      // Some dependencies are CommonJS. Made on first use: making a require takes longer than parsing a statement.
      js: "import { createRequire as __make } from 'node:module'; const require = (name) => __make(import.meta.url)(name);",
    },
    minifySyntax: true,
    minifyWhitespace: true,
    sourcemap: 'linked',
    sourcesContent: false,
    logLevel: 'warning',
    metafile: true,
    absWorkingDir: root,
  });
  return metafile;
}

/** Builds what is out of date; resolves to whether all is well. `types: false` makes the bundle alone. */
export async function buildAll({ types = true } = {}) {
  const wanted = fingerprint();
  let ok = true;
  if (types && !isFresh(stamps.types, wanted)) {
    console.error('building …');
    ok = (await runNode([programOf('typescript', 'tsc'), '-b'])) === 0;
    if (ok) writeFileSync(stamps.types, wanted);
  }
  if (!isFresh(stamps.bundle, wanted)) {
    // esbuild has said what is wrong.
    const bundled = await bundle().then(
      () => true,
      () => false,
    );
    if (bundled) writeFileSync(stamps.bundle, wanted);
    ok &&= bundled;
  }
  return ok;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  requireNode(20);
  const ok = await buildAll({ types: !process.argv.includes('--bundle') });
  process.exitCode = ok ? 0 : 1;
}

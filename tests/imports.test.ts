import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));

/** The tower, from the ground up: a package imports only from packages above it in this list. */
const tower = [
  'diagnostics',
  'signatures',
  'syntax',
  'ir',
  'analyzer',
  'planner',
  'translate',
  'transfer',
  'store',
  'search',
  'access',
  'executor',
  'capabilities',
  'engine',
  'server',
  'client',
  'cli',
  'bench',
  'trials',
] as const;

/** All that a package of the tower stands on. */
const below = (name: (typeof tower)[number]) => tower.slice(0, tower.indexOf(name));

/** What each package may import of the others; less than the tower allows where a floor is to be kept clear. */
const allowed: Readonly<Record<(typeof tower)[number], readonly string[]>> = {
  diagnostics: [],
  signatures: [],
  syntax: ['diagnostics'],
  ir: ['diagnostics'],
  analyzer: ['diagnostics', 'syntax', 'ir'],
  planner: ['diagnostics', 'ir'],
  translate: ['diagnostics', 'ir'],
  transfer: ['diagnostics', 'ir', 'translate'],
  store: ['diagnostics', 'ir'],
  search: ['diagnostics', 'ir', 'store'],
  access: ['diagnostics', 'ir', 'store'],
  executor: ['diagnostics', 'ir', 'planner', 'search', 'store', 'translate'],
  capabilities: ['diagnostics', 'ir', 'store', 'access'],
  engine: below('engine'),
  server: ['diagnostics', 'signatures', 'engine'],
  client: ['signatures'],
  cli: ['client', 'diagnostics', 'engine', 'server', 'syntax', 'transfer'],
  bench: below('cli'),
  trials: ['diagnostics', 'syntax', 'ir', 'analyzer', 'translate', 'engine', 'store', 'search'],
};

/** They run in a browser. */
const withoutNode = [
  'signatures',
  'client',
  'diagnostics',
  'syntax',
  'ir',
  'analyzer',
  'planner',
  'translate',
  'transfer',
];

/** Each outside library has one door. */
const doors: Readonly<Record<string, readonly string[]>> = {
  // The benchmarks measure Chevrotain alone beside the compiler.
  chevrotain: ['packages/syntax/src/', 'packages/bench/src/'],
  'libpg-query': ['packages/analyzer/src/sql/'],
  // The benchmarks measure lmdb and Hono by hand beside us.
  lmdb: ['packages/store/src/lmdb/', 'packages/bench/src/peers/'],
  usearch: ['packages/search/src/vector/', 'packages/bench/src/peers/'],
  // The benchmarks and trials talk to databases of their own.
  pg: ['packages/store/src/postgres/', 'packages/bench/src/', 'packages/trials/src/'],
  'node-sqlite3-wasm': ['packages/cli/src/import/'],
  yauzl: ['packages/cli/src/import/'],
  nodemailer: ['packages/capabilities/src/mail/'],
  'structured-headers': ['packages/signatures/src/'],
  hono: ['packages/server/src/', 'packages/bench/src/http/'],
  'prom-client': ['packages/server/src/'],
  '@hono/node-server': ['packages/server/src/', 'packages/bench/src/http/'],
};

/** Native code stays outside of the bundle of the command, which finds it beside itself. */
const bundled = ['lmdb', 'libpg-query', 'usearch'];
/** What benchmarks take by `require`: data, and a library that is CommonJS alone. */
const required = ['caniuse-db', 'hnswlib-node'];

interface Import {
  readonly file: string;
  readonly target: string;
}

const importForm =
  /(?:^|\n)\s*(?:import|export)\b[^'";]*?\bfrom\s*['"]([^'"]+)['"]|\bimport\s*\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)\s*import\s*['"]([^'"]+)['"]/g;

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  return [...text.matchAll(importForm)].map((match) => ({
    file,
    target: match[1] ?? match[2] ?? match[3] ?? '',
  }));
}

/** Sources as shipped: what only tests import may look anywhere. */
function sourcesOf(name: string): string[] {
  const folder = join('packages', name, 'src');
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.ts$/.test(file) && !/\.(test|arbitrary|fixture)\.ts$/.test(file))
    .map((file) => join(folder, file));
}

const sources = new Map(tower.map((name) => [name, sourcesOf(name).flatMap(importsOf)]));
const all = [...sources.values()].flat();

function packageNameOf(target: string): string | undefined {
  if (target.startsWith('.') || target.startsWith('node:')) return undefined;
  return target
    .split('/')
    .slice(0, target.startsWith('@') ? 2 : 1)
    .join('/');
}

/** The file that a relative import means. */
function fileOf({ file, target }: Import): string {
  return normalize(join(dirname(file), target.replace(/\.js$/, '.ts')));
}

/** A circle reachable in a graph, as the nodes on it; undefined if there is none. */
function findCircle(edges: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const done = new Set<string>();
  const walk = (node: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return undefined;
    for (const next of edges.get(node) ?? []) {
      const circle = walk(next, [...path, node]);
      if (circle) return circle;
    }
    done.add(node);
    return undefined;
  };
  for (const node of edges.keys()) {
    const circle = walk(node, []);
    if (circle) return circle;
  }
  return undefined;
}

describe('imports', () => {
  it('know every package', () => {
    expect(
      readdirSync(join(root, 'packages'))
        .filter((name) => existsSync(join(root, 'packages', name, 'package.json')))
        .sort((a, b) => (a < b ? -1 : 1)),
    ).toEqual([...tower].sort((a, b) => (a < b ? -1 : 1)));
  });

  it('allow nothing that looks up the tower', () => {
    for (const [i, name] of tower.entries()) {
      expect(allowed[name].filter((other) => !tower.slice(0, i).some((below) => below === other))).toEqual(
        [],
      );
    }
  });

  it.each(tower)('of %s go down the tower only', (name) => {
    const others = (sources.get(name) ?? [])
      .filter(({ target }) => target.startsWith('@drops/'))
      .filter(({ target }) => !allowed[name].includes(packageNameOf(target)?.slice('@drops/'.length) ?? ''));
    expect(others).toEqual([]);
  });

  it.each(tower)('of %s are declared in its package.json, and all of those are used', (name) => {
    const manifest: {
      dependencies?: Record<string, string>;
      optionalDependencies?: Record<string, string>;
    } = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'));
    const declared = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies });
    const used = (sources.get(name) ?? [])
      .map(({ target }) => packageNameOf(target))
      .filter((found) => found !== undefined);
    expect(used.filter((found) => !declared.includes(found) && !builtinModules.includes(found))).toEqual([]);
    expect(
      declared.filter((found) => !used.includes(found) && ![...bundled, ...required].includes(found)),
    ).toEqual([]);
  });

  it('stay inside of the package when they are relative', () => {
    const outside = all.filter(({ file, target }) => {
      const home = file.split('/').slice(0, 3).join('/');
      return target.startsWith('.') && relative(home, fileOf({ file, target })).startsWith('..');
    });
    expect(outside).toEqual([]);
  });

  it('name files that exist', () => {
    expect(all.filter((one) => one.target.startsWith('.') && !existsSync(join(root, fileOf(one))))).toEqual(
      [],
    );
  });

  it.each(tower)('of the files of %s go in no circle', (name) => {
    const edges = new Map<string, string[]>();
    for (const one of sources.get(name) ?? []) {
      if (!one.target.startsWith('.')) continue;
      edges.set(one.file, [...(edges.get(one.file) ?? []), fileOf(one)]);
    }
    expect(findCircle(edges)).toBeUndefined();
  });

  it.each(withoutNode)('of %s hold nothing of Node', (name) => {
    const own = all.filter(({ file }) => file.startsWith(`packages/${name}/`));
    const builtin = own.filter(
      ({ target }) => target.startsWith('node:') || builtinModules.includes(packageNameOf(target) ?? ''),
    );
    expect(builtin).toEqual([]);
    const config: { compilerOptions: { types?: string[] } } = JSON.parse(
      readFileSync(join(root, 'packages', name, 'tsconfig.json'), 'utf8'),
    );
    expect(config.compilerOptions.types ?? []).toEqual([]);
  });

  it.each(Object.entries(doors))('of %s come through one door', (library, places) => {
    const users = all.filter(({ target }) => packageNameOf(target) === library).map(({ file }) => file);
    expect(users.filter((file) => !places.some((place) => file.startsWith(place)))).toEqual([]);
  });

  it('of the server and the cli are nobody else’s', () => {
    const guests = all.filter(
      ({ file, target }) =>
        target === '@drops/cli' || (target === '@drops/server' && !file.startsWith('packages/cli/')),
    );
    expect(guests).toEqual([]);
  });
});

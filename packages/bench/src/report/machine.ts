import { execFileSync } from 'node:child_process';
import { statfsSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';

/** Where figures come from; without it they say nothing. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly date: string;
  readonly commit: string;
}

/** Libraries whose version matters, as declared. */
const measuredLibraries = [
  'lmdb',
  'better-sqlite3',
  '@duckdb/node-api',
  '@electric-sql/pglite',
  '@surrealdb/node',
  'hono',
];

function output(program: string, ...args: readonly string[]): string {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return '';
  }
}

/** `declared`: library → version, of the package.json. */
export function describeMachine(declared: Readonly<Record<string, string>>, root: string): Machine {
  const [first] = cpus();
  const versions: Record<string, string> = {};
  for (const name of measuredLibraries) versions[name] = declared[name] ?? 'not declared';
  versions['redis-server'] = /v=([\d.]+)/.exec(output('redis-server', '--version'))?.[1] ?? 'absent';
  const changed =
    output('git', '-C', root, 'status', '--porcelain', '--', 'packages') === '' ? '' : ' with changes';
  return {
    cpu: first?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
    versions,
    date: new Date().toISOString().slice(0, 10),
    commit: (output('git', '-C', root, 'rev-parse', '--short', 'HEAD') || 'unknown') + changed,
  };
}

const tmpfs = 0x01021994;

/** True where a sync costs nothing, so that durable rows mean nothing. */
export function isMemory(folder: string): boolean {
  return statfsSync(folder).type === tmpfs;
}

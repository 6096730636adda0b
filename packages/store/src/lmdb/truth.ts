import { existsSync, readdirSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fail } from '@drops/diagnostics';
import type { PartName, TruthHead, TruthRow, TruthSource, TruthTarget } from '../truth.js';
import { u48 } from './rows/binary-keys.js';
import { openEnvironment, type Environment } from './environment.js';
import { readerOf, type Reader } from './reader.js';
import { writeFormat } from './format.js';
import { readHead, writeHead } from './head.js';
import { openIndexBuilder } from './indexes/open-index-builder.js';
import { rebuildStore } from './upkeep/rebuild.js';
import { createRoutes, setRouteCount } from './rows/routes.js';
import { verifyStore } from './upkeep/verify.js';

const pageBytes = 1 << 20;

interface Page {
  readonly rows: readonly TruthRow[];
  /** Where the next one starts; undefined at the end. */
  readonly next: string | undefined;
}

/** Some rows of a table, in a read transaction of their own: whoever reads long must not keep old pages alive. */
function readPage(
  environment: Environment,
  reader: Reader,
  part: PartName,
  start: string,
  head: number,
): Page {
  const end = part === 'routes' ? '\xff' : u48(head + 1);
  const rows: TruthRow[] = [];
  let length = 0;
  for (const { key, value } of reader.range(environment[part], { start, end })) {
    if (length >= pageBytes) return { rows, next: key };
    // Routes that came after the head belong to later drops.
    if (part === 'routes' && value.readUIntBE(4, 6) > head) continue;
    rows.push({ key, value });
    length += key.length + value.length;
  }
  return { rows, next: undefined };
}

/** The truth of an open store: the log only grows, so its rows up to a head are the same whenever they are read. */
export function truthOf(environment: Environment, reader: Reader): TruthSource {
  return {
    head: async () => readHead(environment, reader),
    async *rows(part, { tx }) {
      for (let start: string | undefined = ''; start !== undefined;) {
        const page: Page = readPage(environment, reader, part, start, tx);
        yield page.rows;
        start = page.next;
      }
    },
    close: () => environment.close(),
  };
}

/** The truth of the store in a folder. NOT_FOUND when there is none. */
export function openFolderSource(path: string): TruthSource {
  if (!existsSync(path)) fail('NOT_FOUND', `There is no data at ${path}.`);
  return truthOf(openEnvironment({ path, durability: 'full' }), readerOf());
}

function finish(environment: Environment, head: TruthHead): string | undefined {
  const reader = readerOf();
  const routes = createRoutes(environment);
  environment.write(() => {
    const ids = routes.list(reader).map((route) => route.id);
    setRouteCount(
      environment,
      ids.reduce((most, id) => Math.max(most, id), 0),
    );
    writeHead(environment, head);
  });
  writeFormat(environment);
  rebuildStore(environment, reader, openIndexBuilder(environment, routes, Date.now));
  return verifyStore(environment, routes, reader).problem;
}

/** A folder that is filled. It takes its name when the store is whole and verified. CONFLICT when it holds something. */
export async function openFolderTarget(target: string): Promise<TruthTarget> {
  const path = resolve(target);
  if (existsSync(path) && readdirSync(path).length > 0) {
    fail('CONFLICT', `${target} is not empty.`, { hint: 'name a new folder' });
  }
  const unfinished = `${path}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(dirname(path), { recursive: true });
  const environment = openEnvironment({ path: unfinished, durability: 'full' });
  let open = true;
  const close = async (): Promise<void> => {
    if (open) await environment.close();
    open = false;
  };
  return {
    async write(part, rows) {
      environment.write(() => {
        for (const { key, value } of rows) environment[part].putSync(key, value);
      });
    },
    async finish(head) {
      const problem = finish(environment, head);
      await close();
      if (problem === undefined) await rename(unfinished, path);
      return problem;
    },
    async abandon() {
      await close();
      await rm(unfinished, { recursive: true, force: true });
    },
  };
}

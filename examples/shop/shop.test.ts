import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { open, type Engine } from '@drops/engine';
import { listen, type Listening } from '@drops/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

describe('the shop', () => {
  const data = mkdtempSync(join(tmpdir(), 'drops-shop-'));
  let engine: Engine;
  let server: Listening;
  beforeAll(async () => {
    engine = await open({ data, durability: 'relaxed' });
    server = await listen(engine, { port: 0 });
  });
  afterAll(async () => {
    await server.close();
    await engine.close();
    rmSync(data, { recursive: true });
  });

  it('is made by its generator, byte for byte', async () => {
    const names = ['data/customers.ndjson', 'data/orders.ndjson'];
    const before = names.map((name) => readFileSync(here(name), 'utf8'));
    await run(process.execPath, [here('generate.mjs')]);
    expect(names.map((name) => readFileSync(here(name), 'utf8'))).toEqual(before);
  });

  it('loads and answers ten questions', async () => {
    const { stdout } = await run(process.execPath, [here('ask.mjs'), '--url', server.url]);
    expect(stdout).toContain('300 rows into shop/customers');
    expect(stdout).toContain('2000 rows into shop/orders');
    const answers = stdout.slice(stdout.indexOf('\n1. '));
    await expect(answers).toMatchFileSnapshot(here('answers.txt'));
  });

  it('asks again without loading again', async () => {
    const { stdout } = await run(process.execPath, [here('ask.mjs'), '--url', server.url]);
    expect(stdout).not.toContain('rows into');
    expect(stdout).toContain('10. ');
  });
});

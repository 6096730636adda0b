import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sqlite from 'node-sqlite3-wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { zipOf } from './import/zip.fixture.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const bin = join(root, 'packages', 'cli', 'bin', 'drops.js');
const folder = mkdtempSync(join(tmpdir(), 'drops-bin-'));
const data = join(folder, 'data');

// Does nothing when the bundle is newer than the sources, as after `npm test`.
beforeAll(() => void execFileSync(process.execPath, [join(root, 'scripts', 'build.mjs'), '--bundle']));
afterAll(() => rmSync(folder, { recursive: true }));

const drops = (argv: readonly string[], input = '') =>
  spawnSync(process.execPath, [bin, ...argv], { input, encoding: 'utf8', cwd: folder });

/** Starts a server; resolves with its first line. */
async function serve(...more: readonly string[]) {
  const child = spawn(process.execPath, [bin, 'serve', '--port', '0', '--data', data, ...more]);
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => (out += String(chunk)));
  child.stderr.on('data', (chunk) => (err += String(chunk)));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  await expect.poll(() => out, { timeout: 15_000 }).toContain('\n');
  return { child, url: out.slice('listening on '.length).trim(), output: () => ({ out, err }), ended };
}

describe('the real command', () => {
  it('keeps its streams and exit codes apart', () => {
    expect(drops(['--version'])).toMatchObject({ status: 0, stdout: '0.1.0\n', stderr: '' });
    expect(drops(['frob'])).toMatchObject({ status: 2, stdout: '' });
    expect(drops(['exec', 'find a whre', '--data', data])).toMatchObject({ status: 1, stdout: '' });
    const script = drops(['exec', '-'], 'save a @b c: 1\nget a @b then count\n');
    expect(script.status).toBe(1);
    expect(script.stdout).toBe('');
    expect(drops(['exec', '-', '--json'], 'save a @b c: 1\ncount a\n')).toMatchObject({
      status: 0,
      stderr: '',
    });
  });

  it('makes the folder of its data where it stands', () => {
    const argv = [bin, 'exec', 'save a @b c: 1', '--data', 'new/relative'];
    const { status } = spawnSync(process.execPath, argv, { cwd: folder, timeout: 10_000 });
    expect(status).toBe(0);
  });

  it('imports SQLite files and backups with what is in the bundle', () => {
    const database = new sqlite.Database(join(folder, 'shop.db'));
    database.exec(`CREATE TABLE t (id TEXT PRIMARY KEY); INSERT INTO t VALUES ('a');
      CREATE TABLE _collections (name TEXT, type TEXT, fields TEXT); INSERT INTO _collections VALUES ('t', 'base', '[]')`);
    database.close();
    writeFileSync(join(folder, 'shop.zip'), zipOf({ 'data.db': readFileSync(join(folder, 'shop.db')) }));
    const imported = (file: string) =>
      drops(['import', file, '--route', 'i', '--table', 't', '--data', data]);
    const whole = { status: 0, stdout: '1 rows in i\n', stderr: '' };
    expect(imported('shop.db')).toMatchObject(whole);
    expect(imported('shop.zip')).toMatchObject(whole);
  });

  it('writes no colour into a pipe', () => {
    expect(drops(['exec', 'find a whre', '--data', data]).stderr).not.toContain('\u001b');
  });

  it('does not mind a reader that goes away', () => {
    const command = `node ${bin} exec 'find a' --json --data ${data} | head -c 1`;
    expect(spawnSync('bash', ['-o', 'pipefail', '-c', command], { encoding: 'utf8' }).stderr).toBe('');
  });

  it('passes large output through a pipe whole', () => {
    const text = 'x'.repeat(1_000_000);
    drops(['exec', '-', '--data', data], `save big @one text: "${text}"`);
    const { stdout } = drops(['exec', 'find big', '--json', '--data', data]);
    expect(JSON.parse(stdout)).toMatchObject({ count: 1, results: [{ payload: { text } }] });
  });
});

describe('serve', () => {
  it('prints one line, answers, drains on SIGTERM and ends with 0', async () => {
    const { child, url, output, ended } = await serve();
    expect(output().out).toBe(`listening on ${url}\n`);
    expect(output().err).toContain('open zone: open;');
    expect(output().err).toMatch(/^mail is kept as files in .*outbox; .*$/m);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const saved = await fetch(`${url}/exec`, { method: 'POST', body: 'save users @alice name: "Alice"' });
    expect(saved.status).toBe(200);
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('drops_http_requests_total');
    // Beside a running server the folder is still open to others.
    expect(drops(['exec', 'count users', '--data', data]).stdout).toBe('1\n');
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(drops(['exec', 'count users', '--data', data]).stdout).toBe('1\n');
  });

  it('ends with 0 on Ctrl-C too', async () => {
    const { child, ended } = await serve();
    child.kill('SIGINT');
    expect(await ended).toBe(0);
  });

  it('says when its port is taken', async () => {
    const { child, url, ended } = await serve();
    const second = drops(['serve', '--port', new URL(url).port, '--data', join(folder, 'other')]);
    expect(second).toMatchObject({ status: 1, stdout: '' });
    expect(second.stderr).toContain('EADDRINUSE');
    child.kill('SIGTERM');
    await ended;
  });

  it('warns when it is open to a network, and never shows a key', async () => {
    const { child, url, output, ended } = await serve('--host', '0.0.0.0', '--admin-token', 'very-secret');
    const key = 'K'.repeat(43);
    const at = url.replace('0.0.0.0', '127.0.0.1');
    await fetch(`${at}/exec?key=${key}`, { method: 'POST', body: 'save users @x y: 1' });
    child.kill('SIGTERM');
    await ended;
    expect(output().err).toContain('bearer');
    expect(JSON.stringify(output())).not.toMatch(/KKKK|very-secret/);
  });

  it('refuses a statement beyond its budget, and says which and what to do', async () => {
    const { child, url, ended } = await serve(
      '--query-memory',
      '1',
      '--query-rows',
      '3000',
      '--query-time',
      '0',
    );
    const post = async (body: string): Promise<unknown> =>
      (await fetch(`${url}/exec`, { method: 'POST', body })).json();
    const saves = Array.from(
      { length: 900 },
      (_, n) => `save wide @k${n} n: ${n} text: "${'x'.repeat(1000)}"`,
    );
    await post(`bulk (${saves.join(', ')})`);
    const response = await fetch(`${url}/exec`, {
      method: 'POST',
      body: 'find wide sort text desc limit 800',
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: {
        code: 'QUERY_TOO_COMPLEX',
        message: 'the sort needs more than 1 MB, the memory of one query',
        hint: expect.stringContaining('limit'),
      },
    });
    expect(await post('count wide')).toEqual({ count: 900 });
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  it('says what relaxed durability risks, and shows it in /health', async () => {
    const { child, url, output, ended } = await serve('--durability', 'relaxed');
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ durability: 'relaxed' });
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(output().err).toMatch(/before it is on disk.*power failure/);
  });
});

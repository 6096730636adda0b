import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { open, verify } from '@drops/engine';
import { afterAll, beforeAll, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const bin = join(root, 'packages', 'cli', 'bin', 'drops.js');
const folder = mkdtempSync(join(tmpdir(), 'drops-workers-'));
const servers: ChildProcess[] = [];

// Does nothing when the bundle is newer than the sources, as after `npm test`.
beforeAll(() => void execFileSync(process.execPath, [join(root, 'scripts', 'build.mjs'), '--bundle']));
afterAll(() => {
  // What a test that failed has left; its workers end with it.
  for (const server of servers) server.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const isThere = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** A server of several workers; `data` names its folder. */
async function serve(data: string, workers: number, ...flags: readonly string[]) {
  const place = ['--port', '0', '--data', join(folder, data), '--workers', String(workers)];
  const args = [bin, 'serve', ...place, ...flags];
  const child = spawn(process.execPath, args);
  servers.push(child);
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => (out += String(chunk)));
  child.stderr.on('data', (chunk) => (err += String(chunk)));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  await expect.poll(() => out, { timeout: 20_000 }).toContain('\n');
  const url = out.slice('listening on '.length).trim();
  return { child, url, ended, output: () => ({ out, err }) };
}

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

/** One connection that is kept: all its requests meet the same worker. Rejects when that ends. */
function connect(url: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const send = (path: string, text?: string, headers: Readonly<Record<string, string>> = {}) =>
    new Promise<Reply>((resolve, reject) => {
      const options = { agent, headers, method: text === undefined ? 'GET' : 'POST' };
      const sent = request(`${url}${path}`, options, (response) => {
        let received = '';
        response.on('data', (chunk) => (received += String(chunk)));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(received) }));
        response.on('error', reject);
      });
      sent.on('error', reject);
      sent.end(text);
    });
  return {
    exec: (text: string, headers?: Readonly<Record<string, string>>) => send('/exec', text, headers),
    send,
    health: () => send('/health'),
    close: () => agent.destroy(),
  };
}
type Connection = ReturnType<typeof connect>;

/** A connection to each worker. */
async function connectAll(url: string, workers: number): Promise<readonly Connection[]> {
  const found = new Map<string, Connection>();
  while (found.size < workers) {
    const connection = connect(url);
    const { body } = await connection.health();
    const worker = /"worker":\{[^}]*\}/.exec(JSON.stringify(body))?.[0] ?? 'none';
    if (found.has(worker)) connection.close();
    else found.set(worker, connection);
  }
  return [...found.values()];
}

const workersOf = ({ pid }: { readonly pid?: number | undefined }): readonly number[] =>
  execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
    .trim()
    .split(/\s+/)
    .map(Number);

it('one address, many processes: each sees at once what another has acknowledged, and a key runs once', async () => {
  const { child, url, ended, output } = await serve('shared', 3);
  const connections = await connectAll(url, 3);
  const health = await Promise.all(connections.map((connection) => connection.health()));
  expect(health.every(({ status }) => status === 200)).toBe(true);
  const [a, b, c] = connections as [Connection, Connection, Connection];

  for (let i = 0; i < 30; i += 1) {
    const [writer, reader] = i % 2 === 0 ? [a, b] : [b, c];
    await reader.exec('get r @k');
    const saved = await writer.exec(`save r @k i: ${i}`);
    expect(saved.status).toBe(200);
    expect(await reader.exec('get r @k')).toMatchObject({ body: { payload: { i }, version: i + 1 } });
  }
  // A definition counts everywhere from its acknowledgement on.
  expect((await a.exec('define p fields n: "number required"')).status).toBe(200);
  expect((await c.exec('save p @k x: 1')).status).toBe(400);

  const tries = Array.from({ length: 12 }, (_, i) =>
    connections[i % 3]!.exec('add 1 to once @k n', { 'idempotency-key': 'token' }),
  );
  const answers = await Promise.all(tries);
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(answers[0]).toMatchObject({ status: 200 });
  expect(await b.exec('get once @k')).toMatchObject({ body: { payload: { n: 1 } } });

  for (const connection of connections) connection.close();
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(output().out).toBe(`listening on ${url}\n`);
  expect(output().err).toMatch(/^open zone: open; .*\nmail is kept as files in .*outbox; .*\n$/);
  expect(await verify(join(folder, 'shared'))).toMatchObject({ ok: true });
}, 60_000);

it('a worker that is killed while all write is replaced, and no acknowledged write is lost', async () => {
  const { child, url, ended, output } = await serve('killed', 2);
  const before = workersOf(child);
  const acknowledged: string[] = [];
  let stopped = false;
  const write = async (writer: number) => {
    let connection = connect(url);
    for (let i = 0; !stopped; i += 1) {
      const key = `${writer}-${i}`;
      const reply = await connection.exec(`save r @${key} n: ${i}`).catch(() => undefined);
      if (reply?.status === 200) acknowledged.push(key);
      // Half of them connect anew each time, so that connections are on their way when the worker is killed.
      if (reply?.status === 200 && writer % 2 === 0) continue;
      connection.close();
      connection = connect(url);
    }
    connection.close();
  };
  const writing = Promise.all(Array.from({ length: 8 }, (_, writer) => write(writer)));
  await expect.poll(() => acknowledged.length, { timeout: 20_000 }).toBeGreaterThan(100);
  process.kill(before[0]!, 'SIGKILL');
  const isReplaced = () => workersOf(child).filter((pid) => !before.includes(pid)).length === 1;
  await expect.poll(isReplaced, { timeout: 20_000 }).toBe(true);
  const then = acknowledged.length;
  await expect.poll(() => acknowledged.length, { timeout: 20_000 }).toBeGreaterThan(then + 100);
  await connectAll(url, 2);
  stopped = true;
  await writing;
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(output().err).toMatch(
    /^open zone: .*\nmail .*\nworker \d \(process \d+\) was ended by SIGKILL; another one starts in 100 ms\n$/,
  );

  const engine = await open({ data: join(folder, 'killed') });
  const missing: string[] = [];
  for (const key of acknowledged) if ((await engine.exec(`get r @${key}`)).status !== 200) missing.push(key);
  expect(missing).toEqual([]);
  await engine.close();
  expect(await verify(join(folder, 'killed'))).toMatchObject({ ok: true });
}, 60_000);

it('a client whose worker is killed before it takes the connection is served by another', async () => {
  const { child, url, ended } = await serve('frozen', 2);
  const [frozen] = workersOf(child);
  process.kill(frozen!, 'SIGSTOP');
  const asked = Array.from({ length: 8 }, () => connect(url).health());
  const outcomes = Promise.allSettled(asked);
  // Those of the other worker are answered.
  await Promise.any(asked);
  process.kill(frozen!, 'SIGKILL');
  const answered = (await outcomes).filter(({ status }) => status === 'fulfilled');
  // What it had not taken goes to the other.
  expect(answered).toHaveLength(8);
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
}, 60_000);

it('a worker that is told to stop ends after what it serves, is replaced, and no request fails', async () => {
  const { child, url, ended, output } = await serve('rolling', 2);
  const before = workersOf(child);
  let stopped = false;
  const failed: unknown[] = [];
  let answered = 0;
  // A connection for each request: there are always some on the way.
  const ask = async () => {
    while (!stopped) {
      const connection = connect(url);
      const reply = await connection.exec('add 1 to c @k n').catch((error: unknown) => error);
      connection.close();
      if (typeof reply === 'object' && reply !== null && 'status' in reply && reply.status === 200)
        answered += 1;
      else failed.push(reply);
    }
  };
  const asking = Promise.all(Array.from({ length: 8 }, ask));
  for (const pid of before) {
    process.kill(pid, 'SIGTERM');
    await expect.poll(() => workersOf(child).includes(pid), { timeout: 20_000 }).toBe(false);
    await expect.poll(() => workersOf(child).length, { timeout: 20_000 }).toBe(2);
    await connectAll(url, 2);
  }
  stopped = true;
  await asking;
  expect(failed).toEqual([]);
  const connection = connect(url);
  expect(await connection.exec('get c @k')).toMatchObject({ body: { payload: { n: answered } } });
  connection.close();
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(output().err.match(/ended with code 0; another one starts/g)).toHaveLength(2);
}, 60_000);

it('when all are killed the port stays; when they cannot come back the server says so and ends', async () => {
  const { child, url, ended, output } = await serve('again', 2);
  for (const pid of workersOf(child)) process.kill(pid, 'SIGKILL');
  const answers = () =>
    fetch(`${url}/health`).then(
      ({ status }) => status,
      () => 0,
    );
  await expect.poll(answers, { timeout: 20_000 }).toBe(200);
  await connectAll(url, 2);
  let kills = 0;
  const killer = setInterval(() => {
    try {
      for (const pid of workersOf(child)) {
        process.kill(pid, 'SIGKILL');
        kills += 1;
      }
    } catch {
      // None is there at the moment.
    }
  }, 50);
  expect(await ended).toBe(1);
  clearInterval(killer);
  expect(kills).toBeGreaterThan(3);
  expect(output().err).toMatch(/workers end as soon as they start, so the server stops\n$/);
}, 60_000);

it('SIGTERM lets a running request end, then nothing is left', async () => {
  const { child, url, ended } = await serve('stopped', 2);
  const pids = workersOf(child);
  const [connection] = await connectAll(url, 2);
  const rows = Array.from({ length: 1000 }, (_, i) => `save r @${i} n: ${i} text: "${'x'.repeat(500)}"`);
  const saving = connection!.exec(`bulk (${rows.join(', ')})`);
  await wait(5);
  child.kill('SIGTERM');
  expect((await saving).status).toBe(200);
  expect(await ended).toBe(0);
  expect(pids.filter(isThere)).toEqual([]);
}, 60_000);

it('a second signal ends all at once; so does the end of the process above', async () => {
  for (const signals of [['SIGTERM', 'SIGTERM'], ['SIGKILL']] as const) {
    const { child, ended, url } = await serve('abandoned', 2);
    const pids = workersOf(child);
    // A request that does not end keeps its worker.
    const stuck = request(`${url}/exec`, { method: 'POST', headers: { 'content-length': '100' } });
    stuck.on('error', () => undefined);
    stuck.write('save r');
    await wait(50);
    for (const signal of signals) {
      child.kill(signal);
      await wait(50);
    }
    expect(await ended).not.toBe(0);
    await expect.poll(() => pids.filter(isThere), { timeout: 5000 }).toEqual([]);
  }
}, 60_000);

it('what stops the first worker stops the start, and is said once', async () => {
  const first = await serve('first', 1);
  const { port } = new URL(first.url);
  const args = [bin, 'serve', '--port', port, '--data', join(folder, 'second'), '--workers', '3'];
  const second = spawn(process.execPath, args);
  let err = '';
  second.stderr.on('data', (chunk) => (err += String(chunk)));
  expect(await new Promise((resolve) => second.once('close', resolve))).toBe(1);
  expect(err.match(/EADDRINUSE/g)).toHaveLength(1);
  first.child.kill('SIGINT');
  expect(await first.ended).toBe(0);
}, 60_000);

it('limits hold for all workers together: requests of a key, and keys made for an address', async () => {
  const { child, url, ended } = await serve('limits', 3, '--rate-limit', '300');
  const connections = await connectAll(url, 3);
  const ask = (i: number, key: string) => connections[i % 3]!.exec('count r', { 'x-ocean-key': key });
  // A minute may end in between: then another key is tried.
  const exhaust = async (key: string): Promise<boolean> => {
    for (let i = 0; i < 300; i += 1) await ask(i, key);
    await wait(200);
    const replies = await Promise.all([0, 1, 2].map((i) => ask(i, key)));
    return replies.every(({ status }) => status === 429);
  };
  expect((await exhaust('a'.repeat(43))) || (await exhaust('b'.repeat(43)))).toBe(true);
  child.kill('SIGTERM');
  expect(await ended).toBe(0);

  const second = await serve('limits', 3);
  const makers = await connectAll(second.url, 3);
  const make = (i: number) => makers[i % 3]!.send('/drop', '{"route":"hello","payload":1}');
  for (let i = 0; i < 200; i += 1) expect((await make(i)).status).toBe(200);
  await wait(200);
  for (let i = 0; i < 3; i += 1)
    expect(await make(i)).toMatchObject({ status: 429, body: { error: { code: 'KEYGEN_LIMITED' } } });
  for (const connection of [...connections, ...makers]) connection.close();
  second.child.kill('SIGTERM');
  expect(await second.ended).toBe(0);
}, 60_000);

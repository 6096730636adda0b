import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { fakeEngine, type FakeEngine } from './engine.fixture.js';
import { listen, type Listening } from './listen.js';

const megabyte = 1024 * 1024;
let server: Listening;
let engine: FakeEngine;

async function start(options: { host?: string; warn?: (line: string) => void } = {}): Promise<void> {
  engine = fakeEngine();
  server = await listen(engine, { port: 0, ...options });
}
afterEach(() => server.close());

/** Sends raw bytes and gives all that comes back until the server closes or falls silent. */
function raw(text: string | Buffer, silence = 400): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect(server.port, '127.0.0.1', () => socket.write(text));
    const done = () => {
      socket.destroy();
      resolve(received);
    };
    socket.setTimeout(silence, done);
    socket.on('data', (chunk) => (received += chunk.toString()));
    socket.on('close', done);
    socket.on('error', reject);
  });
}

const bodyOf = (response: string): unknown => JSON.parse(response.slice(response.indexOf('\r\n\r\n') + 4));

describe('what is no HTTP', () => {
  const cases: readonly (readonly [string, string, number])[] = [
    ['garbage', 'hello there\r\n\r\n', 400],
    ['an unknown method', 'FROB / HTTP/1.1\r\nhost: a\r\n\r\n', 400],
    ['a header too large', `GET /health HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(70_000)}\r\n\r\n`, 431],
    ['no host', 'GET /health HTTP/1.1\r\n\r\n', 400],
    ['a broken host', 'GET /health HTTP/1.1\r\nhost: a b<c>\r\n\r\n', 400],
    ['a target that is no path', 'GET health HTTP/1.1\r\nhost: a\r\n\r\n', 400],
    ['a backslash', 'GET /\\evil HTTP/1.1\r\nhost: a\r\n\r\n', 400],
    ['CONNECT', 'CONNECT a:80 HTTP/1.1\r\nhost: a\r\n\r\n', 405],
    ['TRACE', 'TRACE /exec HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n', 405],
    ['a broken chunk', 'POST /exec HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n', 400],
    ['two lengths', 'POST /exec HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\na', 400],
    [
      'a strange expectation',
      'GET /nothing HTTP/1.1\r\nhost: a\r\nexpect: magic\r\nconnection: close\r\n\r\n',
      404,
    ],
  ];
  it.each(cases)('%s', async (_name, text, status) => {
    await start();
    const response = await raw(text);
    expect(response).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(response.toLowerCase()).toContain('content-type: application/json');
    expect(response.toLowerCase()).toContain('access-control-allow-origin: *');
    expect(bodyOf(response)).toMatchObject({ error: { status } });
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
  });

  it('answers the good request that garbage follows', async () => {
    await start();
    const response = await raw('GET /health HTTP/1.1\r\nhost: a\r\n\r\n\x00\x01garbage\r\n\r\n');
    expect(response).toMatch(/^HTTP\/1.1 200 /);
    expect(response).toContain('HTTP/1.1 400 ');
  });
});

describe('bodies too large', () => {
  it('refuses a declared length before the body arrives', async () => {
    await start();
    const head = `POST /exec HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: ${40 * megabyte}\r\n\r\n`;
    expect(bodyOf(await raw(head))).toMatchObject({ error: { code: 'PAYLOAD_TOO_LARGE', status: 413 } });
  });

  it('does not ask for a body that it will refuse', async () => {
    await start();
    const head = (length: number) =>
      `POST /exec HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: ${length}\r\n\r\n`;
    expect(await raw(head(40 * megabyte))).toMatch(/^HTTP\/1.1 413 /);
    expect(await raw(head(10))).toMatch(/^HTTP\/1.1 100 /);
  });

  it.each([
    ['statement text', 'text/plain', 13],
    ['a JSON body', 'application/json', 33],
  ])('refuses %s in chunks, and is heard by a client that sends to the end', async (_name, type, size) => {
    await start();
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (sent === size + 7) return controller.close();
        sent += 1;
        controller.enqueue(new Uint8Array(megabyte).fill(0x20));
      },
    });
    const response = await fetch(`${server.url}/exec`, {
      method: 'POST',
      body,
      headers: { 'content-type': type },
      duplex: 'half',
    });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ error: { code: 'PAYLOAD_TOO_LARGE' } });
  });

  it('is heard by a client that reads only when all is sent', async () => {
    await start();
    const head = `POST /exec HTTP/1.1\r\nhost: a\r\ncontent-length: ${20 * megabyte}\r\nconnection: close\r\n\r\n`;
    const response = await raw(Buffer.concat([Buffer.from(head), Buffer.alloc(20 * megabyte, 0x20)]), 2000);
    expect(response).toMatch(/^HTTP\/1.1 413 /);
  });

  it('takes a JSON body over the limit of statement text, and refuses such text in it', async () => {
    await start();
    const ask = (body: unknown) =>
      fetch(`${server.url}/exec`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      });
    expect((await ask({ query: 'a', padding: 'x'.repeat(20 * megabyte) })).status).toBe(200);
    expect((await ask({ query: 'x'.repeat(13 * megabyte) })).status).toBe(413);
    expect((await ask({ query: 'ü'.repeat(6.5 * megabyte) })).status).toBe(413);
    expect((await ask({ query: 'x'.repeat(11 * megabyte) })).status).toBe(200);
  });
});

describe('the life of the server', () => {
  it('survives a client that goes in the middle of a body', async () => {
    await start();
    const socket = connect(server.port, '127.0.0.1');
    socket.write('POST /exec HTTP/1.1\r\nhost: a\r\ncontent-length: 1000\r\n\r\nfind');
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
  });

  it('stops pulling rows when the client goes, and waits while it does not read', async () => {
    await start();
    const socket: Socket = connect(server.port, '127.0.0.1');
    socket.pause();
    socket.write(
      'POST /exec HTTP/1.1\r\nhost: a\r\naccept: application/x-ndjson\r\ncontent-length: 14\r\n\r\nrows 100000000',
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(engine.closedStreams).toBe(0);
    socket.destroy();
    await expect.poll(() => engine.closedStreams).toBe(1);
  });

  it.each([
    ['directly', '/exec'],
    ['through Hono', '/exec?a=b'],
  ])('tells a statement run %s that its caller is gone', async (_name, path) => {
    await start();
    const request = `POST ${path} HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\n\r\nwait`;
    expect(await raw(request, 600)).toMatch(/^HTTP\/1.1 200 /);
    expect(engine.waits).toEqual([false]);
    await raw(request, 100);
    await expect.poll(() => engine.waits).toEqual([false, true]);
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
  });

  it('finishes what runs, then closes', async () => {
    await start();
    const running = fetch(`${server.url}/exec`, { method: 'POST', body: 'wait' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const closing = server.close();
    const response = await running;
    expect(response.status).toBe(200);
    await response.text();
    await closing;
    await expect(fetch(`${server.url}/health`)).rejects.toThrow();
  });

  it('counts its connections', async () => {
    await start();
    const health: unknown = await (await fetch(`${server.url}/health`)).json();
    expect(health).toMatchObject({ status: 'ok', active_connections: 1 });
  });

  it('warns when strangers can reach it', async () => {
    const lines: string[] = [];
    await start({ host: '0.0.0.0', warn: (line) => lines.push(line) });
    expect(lines.join()).toContain('bearer');
    await server.close();
    await start({ warn: (line) => lines.push(line) });
    expect(lines).toHaveLength(1);
  });

  it('says when its port is taken', async () => {
    await start();
    await expect(listen(engine, { port: server.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

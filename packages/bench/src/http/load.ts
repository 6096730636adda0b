import { readFileSync } from 'node:fs';
import { connect } from 'node:net';

/*
 * The load generator, a process of its own: keeps `clients` connections open, sends the next request of a list on each
 * as soon as the answer before is whole, and prints answers a second.
 */
interface Task {
  readonly url: string;
  /** File with a JSON array of request bodies. */
  readonly bodies: string;
  readonly clients: number;
  readonly milliseconds: number;
}

const task: Task = JSON.parse(process.argv[2] ?? '');
const url = new URL(task.url);
const bodies: readonly string[] = JSON.parse(readFileSync(task.bodies, 'utf8'));
const requests = bodies.map((body) =>
  Buffer.from(
    `POST ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  ),
);
const blank = Buffer.from('\r\n\r\n');

let answers = 0;
let next = 0;
let end = Infinity;

/** Bytes that an answer takes, or undefined while its header is not whole. */
function lengthOf(bytes: Buffer): number | undefined {
  const header = bytes.indexOf(blank);
  if (header < 0) return undefined;
  const text = bytes.toString('latin1', 0, header);
  if (!text.startsWith('HTTP/1.1 200')) throw new Error(`answered: ${bytes.toString('utf8', 0, 400)}`);
  const length = /content-length: *(\d+)/i.exec(text)?.[1];
  if (length === undefined) throw new Error(`an answer without content-length: ${text}`);
  return header + 4 + Number(length);
}

function client(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(url.port), url.hostname);
    socket.setNoDelay(true);
    let seen: Buffer | undefined;
    let wanted: number | undefined;
    const send = (): void => {
      next = (next + 1) % requests.length;
      socket.write(requests[next] ?? '');
    };
    socket.on('connect', send);
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      seen = seen ? Buffer.concat([seen, chunk]) : chunk;
      wanted ??= lengthOf(seen);
      if (wanted === undefined || seen.length < wanted) return;
      seen = wanted = undefined;
      answers += 1;
      if (performance.now() < end) return send();
      socket.end();
      resolve();
    });
  });
}

const running = Array.from({ length: task.clients }, client);
// Connecting and the first answers are not counted.
const warmUp = Math.min(300, task.milliseconds / 2);
await new Promise((resolve) => setTimeout(resolve, warmUp));
answers = 0;
const start = performance.now();
end = start + task.milliseconds;
await Promise.all(running);
console.log((answers * 1000) / (performance.now() - start));

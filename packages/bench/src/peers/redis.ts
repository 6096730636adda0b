import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { endWithUs } from '../children.js';
import { cityOf, userKey } from '../data.js';
import { Absent, argumentsOf, batchRows, chunksOf, library, type Peer } from '../system.js';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** A server of our own: one that answers already may not sync, and is not ours to set up. */
async function startServer(folder: string) {
  const port = await freePort();
  const flags = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', '', '--bind', '127.0.0.1'];
  const args = ['--port', String(port), '--dir', folder, ...flags];
  const child = endWithUs(spawn('redis-server', args, { stdio: 'ignore' }));
  const failed = once(child, 'error').then(([reason]) => {
    throw new Absent(
      `redis-server does not start: ${reason instanceof Error ? reason.message : String(reason)}`,
    );
  });
  await Promise.race([once(child, 'spawn'), failed]);
  failed.catch(() => undefined);
  return { child, port };
}

export const redis: Peer = {
  name: 'Redis AOF',
  setUp:
    'a redis-server of its own with appendonly yes and appendfsync always; @redis/client, which pipelines by itself',
  async open({ folder, sizes, data }) {
    const { createClient } = await library('@redis/client', () => import('@redis/client'));
    const { child, port } = await startServer(folder);
    const client = createClient({ socket: { host: '127.0.0.1', port } });
    client.on('error', () => undefined);
    await client.connect();
    for (const batch of chunksOf(data?.users ?? [], batchRows))
      await Promise.all(batch.map((user) => client.set(user.key, JSON.stringify(user))));
    for (const batch of chunksOf(data?.users ?? [], batchRows))
      await Promise.all(batch.map(({ key, score, city }) => client.hSet(`h:${key}`, { score, city })));
    const of = argumentsOf(sizes);
    const increment = (n: number) => client.incr(of.counter(n));
    return {
      operations: {
        pointGet: async (n) => {
          const found = await client.get(userKey(of.user(n)));
          return found === null ? null : JSON.parse(found);
        },
        increment,
        incrementTogether: increment,
        updateTogether: (n) =>
          client.hSet(`h:${userKey(of.user(n))}`, { score: of.newScore(n), city: cityOf(n) }),
      },
      plain: (answer) => (Array.isArray(answer) ? answer : [answer]),
      async close() {
        const ended = once(child, 'exit');
        client.destroy();
        child.kill();
        await ended;
      },
    };
  },
};

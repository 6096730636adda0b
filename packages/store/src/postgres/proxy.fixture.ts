import { connect, createServer, type Socket } from 'node:net';

/** A way to the database that can be cut. */
export interface Proxy {
  readonly data: string;
  /** The next commit reaches the database, and the connection is gone before its answer is back. */
  loseNextCommit(): void;
  /** The next commit is lost on the way. */
  dropNextCommit(): void;
  /** Nobody gets through until `false`. */
  cut(isCut: boolean): void;
  close(): Promise<void>;
}

/** Puts a proxy before the database of an address. */
export async function openProxy(data: string): Promise<Proxy> {
  const target = new URL(data);
  const sockets = new Set<Socket>();
  let next: 'lose' | 'drop' | undefined;
  let isCut = false;
  const server = createServer((client) => {
    if (isCut) return void client.destroy();
    const database = connect(Number(target.port || 5432), target.hostname);
    const end = (): void => {
      client.destroy();
      database.destroy();
    };
    for (const socket of [client, database]) {
      sockets.add(socket);
      socket.on('error', end);
      socket.on('close', () => {
        sockets.delete(socket);
        end();
      });
    }
    let silent = false;
    client.on('data', (bytes) => {
      const isCommit = next !== undefined && bytes.includes('commit\0');
      if (isCommit && next === 'drop') {
        next = undefined;
        return end();
      }
      database.write(bytes);
      if (!isCommit) return;
      next = undefined;
      silent = true;
      setTimeout(end, 100);
    });
    database.on('data', (bytes) => {
      if (!silent) client.write(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  const url = new URL(data);
  url.hostname = '127.0.0.1';
  url.port = String(address.port);
  const endAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    data: url.toString(),
    loseNextCommit: () => void (next = 'lose'),
    dropNextCommit: () => void (next = 'drop'),
    cut(value) {
      isCut = value;
      if (value) endAll();
    },
    close: () => {
      endAll();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

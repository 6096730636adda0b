import { createServer, type Server, type Socket } from 'node:net';
import { isLoopback, urlOf } from './address.js';

export interface DoorOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Keys must sign their requests. */
  readonly signed?: boolean;
  /** Told what an operator should know, a line each. */
  readonly warn?: (line: string) => void;
}

/** An address that is open. */
export interface Door {
  readonly url: string;
  close(): void;
}

/** Opens a server's address; gives the port. Rejects when it cannot be had. */
export function bind(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** Says what an address beyond this machine risks. */
export function warnOfNetwork(
  host: string,
  { warn, signed = false }: Pick<DoorOptions, 'warn' | 'signed'>,
): void {
  if (isLoopback(host) || signed) return;
  warn?.(
    `warning: bearer mode on ${host}: whoever holds a key acts as its owner, and keys travel as plain text; put TLS in front`,
  );
}

/** Opens an address and gives away its connections, nothing of them read, for other processes to serve. */
export async function openDoor(options: DoorOptions, onConnection: (socket: Socket) => void): Promise<Door> {
  const host = options.host ?? '127.0.0.1';
  const server = createServer({ pauseOnConnect: true }, onConnection);
  const port = await bind(server, host, options.port);
  warnOfNetwork(host, options);
  return { url: urlOf(host, port), close: () => void server.close() };
}

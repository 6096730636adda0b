import type { IncomingMessage } from 'node:http';

/** True for addresses that only this machine reaches. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** The base URL of a server; IPv6 addresses stand in brackets. */
export function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/**
 * The address that a request came from. Behind a proxy of our own it is the one that the proxy has seen, the last of
 * `X-Forwarded-For`; the earlier ones are whatever the client has written.
 */
export function addressOf(request: IncomingMessage, trustProxy: boolean): string {
  const forwarded = trustProxy ? request.headers['x-forwarded-for'] : undefined;
  const last = typeof forwarded === 'string' ? forwarded.split(',').at(-1)?.trim() : undefined;
  // IPv4 on a socket that takes both.
  return (last || request.socket.remoteAddress || '').replace(/^::ffff:/, '');
}

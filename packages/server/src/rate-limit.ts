import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorOf, toErrorBody } from '@drops/diagnostics';
import { addressOf } from './address.js';
import { queryOf } from './http/query-string.js';
import { sendText } from './replies.js';

const minute = 60_000;
/** An address may send so many times the limit in all: keys cost nothing to make up. */
const addressShare = 10;

/** Whether one more request is within the limit, and what is left of it. */
export interface Admission {
  readonly admitted: boolean;
  readonly remaining: number;
  /** Seconds until the counts begin anew. */
  readonly reset: number;
}

/** Counts requests by the minute. */
export type RateLimiter = (subject: string, address: string) => Admission;

/**
 * A limit of requests a minute for each subject, a key or an address, and of ten times as many for an address with whatever
 * keys. All minutes are the same for all, so the counts of one are thrown away together. Each process counts for itself.
 */
export function createRateLimiter(perMinute: number, now: () => number): RateLimiter {
  let end = 0;
  let counts = new Map<string, number>();
  const count = (subject: string): number => {
    const next = (counts.get(subject) ?? 0) + 1;
    counts.set(subject, next);
    return next;
  };
  return (subject, address) => {
    const time = now();
    if (time >= end) {
      counts = new Map();
      end = time - (time % minute) + minute;
    }
    const own = count(subject);
    const all = subject === address ? 0 : count(`all of ${address}`);
    return {
      admitted: own <= perMinute && all <= perMinute * addressShare,
      remaining: Math.max(0, perMinute - own),
      reset: Math.ceil((end - time) / 1000),
    };
  };
}

const keyForm = /^[A-Za-z0-9_-]{43,120}$/;

/** Whom a request is counted for: the key that it names, else its address. */
function subjectOf({ headers, url = '' }: IncomingMessage, address: string): string {
  const header = headers['x-ocean-key'];
  const key = typeof header === 'string' ? header : url.includes('key=') ? queryOf(url).get('key') : null;
  return key !== null && keyForm.test(key) ? `key ${key}` : address;
}

/** Requests that cost next to nothing and that others ask in our name: preflights, and whether the server works. */
function isFree({ method, url }: IncomingMessage): boolean {
  return method === 'OPTIONS' || url === '/health';
}

export interface RateLimitSettings {
  readonly perMinute: number;
  readonly trustProxy: boolean;
  readonly isAdminToken: ((credential: string) => boolean) | undefined;
}

/** True when a request may go on; else it was answered with 429 RATE_LIMITED. */
export type Turnstile = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Counts requests before anything else looks at them, and tells in headers what is left. The admin token has no limit. */
export function createTurnstile({ perMinute, trustProxy, isAdminToken }: RateLimitSettings): Turnstile {
  const admit = createRateLimiter(perMinute, Date.now);
  return (request, response) => {
    if (isFree(request)) return true;
    const credential = request.headers['x-ocean-key'];
    if (typeof credential === 'string' && isAdminToken?.(credential)) return true;
    const address = addressOf(request, trustProxy);
    const { admitted, remaining, reset } = admit(subjectOf(request, address), address);
    response.setHeader('x-ratelimit-limit', perMinute);
    response.setHeader('x-ratelimit-remaining', remaining);
    response.setHeader('x-ratelimit-reset', reset);
    if (admitted) return true;
    response.setHeader('retry-after', reset);
    const error = errorOf('RATE_LIMITED', `more than ${perMinute} requests within a minute`, {
      hint: `wait ${reset} s`,
    });
    sendText(response, error.status, JSON.stringify({ error: toErrorBody(error) }));
    return false;
  };
}

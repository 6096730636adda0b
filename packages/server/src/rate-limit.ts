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

/** Requests that a process has counted within some milliseconds, for the others. */
export interface CountedRequests {
  /** The end of their minute, in ms since the epoch. */
  readonly end: number;
  readonly counts: readonly (readonly [subject: string, requests: number])[];
}

/** Counts requests by the minute. */
export interface RateLimiter {
  /** Requests a minute that it lets through. */
  readonly perMinute: number;
  admit(subject: string, address: string): Admission;
  /** Adds what another process has counted. */
  add(counted: CountedRequests): void;
}

/** Ms after which other processes are told what was counted: so late do they know at most. */
const tellAfter = 50;

/**
 * A limit of requests a minute for each subject, a key or an address, and of ten times as many for an address with whatever
 * keys. All minutes are the same for all, so the counts of one are thrown away together. With `tell` several processes count
 * together; each then knows what the others let through 50 ms ago.
 */
export function createRateLimiter(
  perMinute: number,
  now: () => number,
  tell?: (counted: CountedRequests) => void,
): RateLimiter {
  let end = 0;
  let counts = new Map<string, number>();
  let untold = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  const addTo = (to: Map<string, number>, subject: string, requests: number): number => {
    const sum = (to.get(subject) ?? 0) + requests;
    to.set(subject, sum);
    return sum;
  };
  const tellOthers = (): void => {
    timer = undefined;
    const counted = { end, counts: [...untold] };
    untold = new Map();
    tell?.(counted);
  };
  const count = (subject: string): number => {
    if (tell) {
      addTo(untold, subject, 1);
      timer ??= setTimeout(tellOthers, tellAfter).unref();
    }
    return addTo(counts, subject, 1);
  };
  const turn = (time: number): void => {
    if (time < end) return;
    counts = new Map();
    untold = new Map();
    end = time - (time % minute) + minute;
  };
  return {
    perMinute,
    admit(subject, address) {
      const time = now();
      turn(time);
      const own = count(subject);
      const all = subject === address ? 0 : count(`all of ${address}`);
      return {
        admitted: own <= perMinute && all <= perMinute * addressShare,
        remaining: Math.max(0, perMinute - own),
        reset: Math.ceil((end - time) / 1000),
      };
    },
    add(counted) {
      turn(now());
      if (counted.end !== end) return;
      for (const [subject, requests] of counted.counts) addTo(counts, subject, requests);
    },
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
  readonly limiter: RateLimiter;
  readonly trustProxy: boolean;
  readonly isAdminToken: ((credential: string) => boolean) | undefined;
}

/** True when a request may go on; else it was answered with 429 RATE_LIMITED. */
export type Turnstile = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Counts requests before anything else looks at them, and tells in headers what is left. The admin token has no limit. */
export function createTurnstile({ limiter, trustProxy, isAdminToken }: RateLimitSettings): Turnstile {
  const { perMinute } = limiter;
  return (request, response) => {
    if (isFree(request)) return true;
    const credential = request.headers['x-ocean-key'];
    if (typeof credential === 'string' && isAdminToken?.(credential)) return true;
    const address = addressOf(request, trustProxy);
    const { admitted, remaining, reset } = limiter.admit(subjectOf(request, address), address);
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

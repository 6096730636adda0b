import { afterEach, expect, test } from 'vitest';
import { fakeEngine } from '../engine.fixture.js';
import { listen, type Listening } from '../listen.js';

let server: Listening | undefined;
afterEach(() => server?.close());

/** `name value` or `name{labels} value` lines, by what stands before the value. */
function samples(text: string): ReadonlyMap<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]));
}

async function scrape(url: string) {
  const response = await fetch(`${url}/metrics`);
  expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  return samples(await response.text());
}

test('tells figures as Prometheus text, without a key', async () => {
  server = await listen(fakeEngine(), { port: 0 });
  const first = await scrape(server.url);
  await fetch(`${server.url}/exec`, { method: 'POST', body: 'find users' });
  const second = await scrape(server.url);
  const requests = 'drops_http_requests_total';
  expect((second.get(requests) ?? 0) - (first.get(requests) ?? 0)).toBe(2);
  expect(second.get('drops_http_connections')).toBeGreaterThan(0);
  expect(second.get('drops_store_bytes')).toBeGreaterThanOrEqual(0);
  expect(second.get('process_resident_memory_bytes')).toBeGreaterThan(1e6);
});

test('names the worker where there are several', async () => {
  server = await listen(fakeEngine(), { port: 0, worker: { id: 2, of: 4 } });
  expect([...(await scrape(server.url)).keys()]).toContain('drops_http_connections{worker="2"}');
});

import { corsHeaders } from '../replies.js';
import type { Services } from '../services.js';
import type { Endpoint } from './endpoint.js';

/** One figure of this process: Prometheus' name, kind and help, and what it is now. */
interface Figure {
  readonly name: string;
  readonly kind: 'counter' | 'gauge';
  readonly help: string;
  readonly value: number;
}

async function figuresOf(services: Services): Promise<readonly Figure[]> {
  const { engine, activeConnections, requests } = services;
  const { pages, freePages, oldestReader } = await engine.space();
  const { user, system } = process.cpuUsage();
  const counter = (name: string, help: string, value: number): Figure => ({
    name,
    kind: 'counter',
    help,
    value,
  });
  const gauge = (name: string, help: string, value: number): Figure => ({ name, kind: 'gauge', help, value });
  return [
    counter('drops_http_requests_total', 'Requests that came in, answered or not.', requests()),
    gauge('drops_http_connections', 'Connections that are open.', activeConnections()),
    gauge('drops_store_bytes', 'Size of the data file, free pages included.', pages * pageBytes),
    gauge('drops_store_free_bytes', 'Part of the data file that will be used again.', freePages * pageBytes),
    gauge('drops_store_oldest_reader_seconds', 'Age of the oldest open read.', oldestReader / 1000),
    counter('process_cpu_seconds_total', 'User and system time.', (user + system) / 1e6),
    gauge('process_resident_memory_bytes', 'Resident memory.', process.memoryUsage.rss()),
    gauge('process_start_time_seconds', 'Start, in seconds since 1970.', startSeconds),
  ];
}

const pageBytes = 4096;
const startSeconds = Math.round(Date.now() / 1000 - process.uptime());

/** The figures as Prometheus reads them. The library is loaded when somebody first asks. */
async function expose(services: Services): Promise<{ readonly text: string; readonly contentType: string }> {
  const { Counter, Gauge, Registry } = await import('prom-client');
  const registry = new Registry();
  // One process of several says which it is: each is asked by itself.
  if (services.worker) registry.setDefaultLabels({ worker: String(services.worker.id) });
  for (const { name, kind, help, value } of await figuresOf(services)) {
    const settings = { name, help, registers: [registry] };
    if (kind === 'counter') new Counter(settings).inc(value);
    else new Gauge(settings).set(value);
  }
  return { text: await registry.metrics(), contentType: registry.contentType };
}

/** GET /metrics: the figures of this process, as Prometheus text. */
export const metrics: Endpoint = {
  method: 'GET',
  path: '/metrics',
  summary: 'Figures of this process for Prometheus',
  replies: ['text/plain'],
  identity: 'open',
  async handle(_c, services) {
    const { text, contentType } = await expose(services);
    return new Response(text, { headers: { ...corsHeaders, 'content-type': contentType } });
  },
};

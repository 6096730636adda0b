import type { Figure } from '../prometheus.js';
import { corsHeaders } from '../replies.js';
import type { Services } from '../services.js';
import type { Endpoint } from './endpoint.js';

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

/** GET /metrics: the figures of this process, as Prometheus text. */
export const metrics: Endpoint = {
  method: 'GET',
  path: '/metrics',
  summary: 'Figures of this process for Prometheus',
  replies: ['text/plain'],
  identity: 'open',
  async handle(_c, services) {
    // The library is loaded when somebody first asks.
    const { expose } = await import('../prometheus.js');
    const { text, contentType } = await expose(await figuresOf(services), services.worker?.id);
    return new Response(text, { headers: { ...corsHeaders, 'content-type': contentType } });
  },
};

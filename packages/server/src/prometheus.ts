import { Counter, Gauge, Registry } from 'prom-client';

/** One figure of this process: Prometheus' name, kind and help, and what it is now. */
export interface Figure {
  readonly name: string;
  readonly kind: 'counter' | 'gauge';
  readonly help: string;
  readonly value: number;
}

/** Figures in the text format of Prometheus. `worker`: which of several processes they are of, each of which is asked by itself. */
export async function expose(
  figures: readonly Figure[],
  worker: number | undefined,
): Promise<{ readonly text: string; readonly contentType: string }> {
  const registry = new Registry();
  if (worker !== undefined) registry.setDefaultLabels({ worker: String(worker) });
  for (const { name, kind, help, value } of figures) {
    const settings = { name, help, registers: [registry] };
    if (kind === 'counter') new Counter(settings).inc(value);
    else new Gauge(settings).set(value);
  }
  return { text: await registry.metrics(), contentType: registry.contentType };
}

import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import type { Sizes } from '../data.js';
import { peerNamed } from '../peers/index.js';
import type { OperationName } from '../system.js';

/*
 * A bare Hono handler in a process of its own: it sends back what it was sent, or answers a number with what an
 * operation of a peer finds. Prints its address.
 */
interface Task {
  /** Undefined: echo. */
  readonly peer?: string;
  readonly operation?: OperationName;
  readonly folder?: string;
  readonly sizes: Sizes;
}

const task: Task = JSON.parse(process.argv[2] ?? '');
const app = new Hono();
if (task.peer === undefined || task.operation === undefined || task.folder === undefined) {
  app.post('/exec', async (c) => c.json(await c.req.json()));
} else {
  const system = await peerNamed(task.peer).open({ folder: task.folder, sizes: task.sizes, data: undefined });
  const operation = system.operations[task.operation];
  if (!operation) throw new Error(`${task.peer} has no ${task.operation}`);
  app.post('/exec', async (c) => {
    const { n } = await c.req.json();
    return c.json(await operation(Number(n)));
  });
}
serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => {
  console.log(`listening on http://127.0.0.1:${port}`);
});
process.once('SIGTERM', () => process.exit(0));

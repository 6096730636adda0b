import type { Sizes } from './data.js';
import { peerNamed } from './peers/index.js';
import type { OperationName } from './system.js';

/* Opens a loaded contender, gets one user, so that the code is loaded, then runs one operation once and prints its milliseconds. */
const task: { peer: string; operation: OperationName; folder: string; sizes: Sizes } = JSON.parse(
  process.argv[2] ?? '',
);
const system = await peerNamed(task.peer).open({ folder: task.folder, sizes: task.sizes, data: undefined });
const operation = system.operations[task.operation];
if (!operation) throw new Error(`${task.peer} has no ${task.operation}`);
await system.operations.pointGet?.(0);
const start = performance.now();
const rows = system.plain(await operation(0));
const elapsed = performance.now() - start;
if (rows.length === 0) throw new Error('no rows were found');
console.log(elapsed);
await system.close();

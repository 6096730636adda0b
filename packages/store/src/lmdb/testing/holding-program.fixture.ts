import { openEnvironment } from '../environment.js';

/* A process that reads and never lets go. Prints `holding` when it does. */
const [, , path = ''] = process.argv;
const environment = openEnvironment({ path, durability: 'relaxed' });
environment.root.useReadTransaction();
process.stdout.write('holding\n');
process.stdin.resume();

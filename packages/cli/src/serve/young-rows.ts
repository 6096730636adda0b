import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8 from making rows in its old space. It guesses by the place in the program whether what is made there lives long, and
 * plans, which do, come from the same places as what a request throws away: once it guesses so, each old array keeps its rows alive
 * until the next full collection, and scavenges copy them. To be called before the engine is opened, by a process that is a server
 * alone: the flag is one of the whole process.
 */
export function keepRowsYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}

import { readFileSync } from 'node:fs';

let known: { readonly id: string | undefined } | undefined;

function read(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  } catch {
    return undefined;
  }
}

/**
 * Names the time since this machine was started: what one process has written into a file, even unsynced, every other
 * process of the same boot reads. undefined where the system does not tell.
 */
export function bootId(): string | undefined {
  known ??= { id: read() };
  return known.id;
}

import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Peer } from '../system.js';

/** The least that a durable write can be: some bytes into a file that has its size already, and a sync. */
export const rawFile: Peer = {
  name: 'pwrite + fdatasync',
  setUp: '64 bytes into a preallocated file and one fdatasync, nothing else',
  async open({ folder }) {
    const file = openSync(join(folder, 'bytes'), 'w');
    const size = 16 * 2 ** 20;
    writeSync(file, Buffer.alloc(size));
    fdatasyncSync(file);
    const bytes = Buffer.alloc(64, 1);
    let place = 0;
    return {
      operations: {
        increment() {
          writeSync(file, bytes, 0, bytes.length, place);
          place = (place + bytes.length) % size;
          fdatasyncSync(file);
        },
      },
      plain: () => [],
      close: async () => closeSync(file),
    };
  },
};

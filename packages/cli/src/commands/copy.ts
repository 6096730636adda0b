import { copy as copyData, shownAddress } from '@drops/engine';
import type { Command } from '../command.js';
import { UsageError } from '../failures.js';
import { noWords } from '../flags.js';

/** Copies a store to another place. */
export const copy: Command = {
  usage: 'copy --from PLACE --to PLACE',
  about:
    'Copies a store with every id, version, time and the chain from a folder or postgres://… to another that holds no data yet, and verifies the copy.',
  flags: {
    from: { value: 'PLACE', about: 'the folder or the address of the store; others may be writing to it' },
    to: { value: 'PLACE', about: 'a new folder, or postgres://…?schema=name' },
  },
  async run(args, io) {
    noWords(args.words, 'copy');
    const [from, to] = [args.text('from'), args.text('to')];
    if (!from || !to) throw new UsageError('copy needs --from and --to');
    const { head, link } = await copyData(from, to);
    io.out(`ok: copied to ${shownAddress(to)}, head ${head}, link ${link}, verified\n`);
    return 0;
  },
};

import { rebuild as rebuildData } from '@drops/engine';
import type { Command } from '../command.js';
import { noWords } from '../flags.js';
import { dataFlag, existingData } from '../settings.js';

/** Makes everything derived anew. */
export const rebuild: Command = {
  usage: 'rebuild',
  about: 'Drops everything that can be derived from the log, and derives it again.',
  flags: dataFlag,
  async run(args, io) {
    noWords(args.words, 'rebuild');
    const { records } = await rebuildData(await existingData(args, io));
    io.out(`ok: rebuilt from ${records} records\n`);
    return 0;
  },
};

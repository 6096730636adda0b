import { backup as backupData } from '@drops/engine';
import type { Command } from '../command.js';
import { soleWord } from '../flags.js';
import { dataFlag, existingData } from '../settings.js';

/** Writes a backup. */
export const backup: Command = {
  usage: 'backup FILE',
  about: 'Writes the whole store to one file, also while a server writes to it.',
  flags: dataFlag,
  async run(args, io) {
    const file = soleWord(args.words, 'file');
    const { drops } = await backupData(await existingData(args, io), file);
    io.out(`ok: ${drops} drops in ${file}\n`);
    return 0;
  },
};

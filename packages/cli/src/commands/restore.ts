import { restore as restoreData, shownAddress } from '@drops/engine';
import type { Command } from '../command.js';
import { soleWord } from '../flags.js';
import { dataFlag, dataPlace } from '../settings.js';

/** Makes a store of a backup. */
export const restore: Command = {
  usage: 'restore FILE',
  about:
    'Makes a store of a backup, with every id, version and time as it was. The folder or schema must hold no data yet.',
  flags: dataFlag,
  async run(args, io) {
    const file = soleWord(args.words, 'file');
    const data = dataPlace(args, io);
    const { drops } = await restoreData(file, data);
    io.out(`ok: ${drops} drops in ${shownAddress(data)}\n`);
    return 0;
  },
};

import { verify as verifyData } from '@drops/engine';
import type { Command } from '../command.js';
import { CommandFailure } from '../failures.js';
import { noWords } from '../flags.js';
import { dataFlag, existingData } from '../settings.js';

/** Checks the hash chain of a store. */
export const verify: Command = {
  usage: 'verify',
  about:
    'Recomputes the hash chain over everything that was ever written; the exit code is 1 if it does not hold.',
  flags: dataFlag,
  async run(args, io) {
    noWords(args.words, 'verify');
    const { ok, checked, head, link, root, problem } = await verifyData(await existingData(args, io));
    if (!ok) throw new CommandFailure(`the chain does not hold: ${problem ?? 'no further word'}`);
    io.out(`ok: ${checked} records checked, head ${head}, link ${link}, root ${root}\n`);
    return 0;
  },
};

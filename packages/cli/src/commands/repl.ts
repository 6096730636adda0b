import type { Command } from '../command.js';
import { noWords } from '../flags.js';
import { evaluate, type ReplState } from '../repl/evaluate.js';
import { readPipe } from '../repl/piped.js';
import { readTerminal } from '../repl/terminal.js';
import { withSession } from '../session/open-session.js';
import { placeFlags } from '../settings.js';
import { version } from '../version.js';

/** Reads statements, runs them, shows their results: at a terminal with a prompt, from a pipe without. */
export const repl: Command = {
  usage: 'repl',
  about: 'Reads statements and shows their results. `.help` inside tells more.',
  flags: placeFlags,
  async run(args, io) {
    noWords(args.words, 'repl');
    const interactive = io.stdin.isTTY === true && io.columns !== undefined;
    return withSession(args, io, async (session) => {
      const state: ReplState = { timing: interactive, json: false, last: undefined };
      if (interactive) {
        io.out(`drops ${version} on ${session.place}; .help tells more\n`);
        // The terminal may have another width by now.
        const now = () => ({ ...io, columns: process.stdout.columns });
        await readTerminal(session, io, (text, signal) => evaluate(text, session, state, now(), signal));
      } else {
        const never = new AbortController().signal;
        await readPipe(io, (text) => evaluate(text, session, state, io, never));
      }
      return 0;
    });
  },
};

import type { Command } from '../command.js';
import { soleWord } from '../flags.js';
import { present } from '../present/reply.js';
import { runText } from '../session/run.js';
import { withSession } from '../session/open-session.js';
import { placeFlags } from '../settings.js';
import { textOf } from './text.js';

/** Shows the plan of a statement on the data at hand, without running it. */
export const explain: Command = {
  usage: "explain 'STATEMENT'|-",
  about: 'Shows how a statement would run on the data at hand; nothing runs.',
  flags: { ...placeFlags, json: { about: 'print the JSON reply' } },
  async run(args, io) {
    const { text, name } = await textOf(soleWord(args.words, 'statement'), io);
    const prefix = /^\s*explain\b/.test(text) ? '' : 'explain ';
    const sent = prefix + text.trimStart();
    // Places in what is sent are places in the text, the word `explain` and leading blanks aside.
    const shown = text.trimStart();
    const body = await withSession(args, io, (session) =>
      runText(session, sent, io, { name, shift: sent.length - shown.length }),
    );
    io.out(`${args.has('json') ? JSON.stringify(body) : present(body, io.columns)}\n`);
    return 0;
  },
};

import { errorOf } from '@drops/diagnostics';
import { translationTargets } from '@drops/engine';
import { parse } from '@drops/syntax';
import type { Command } from '../command.js';
import { CommandFailure } from '../failures.js';
import { oneOf, soleWord } from '../flags.js';
import { compileTo, printed, strictFlag } from './compile.js';
import { textOf, type NamedText } from './text.js';

/** `translate` takes one statement; where a second begins is the place of the error. */
function checkSole({ text, name }: NamedText): void {
  const second = parse(text).statements[1];
  if (second === undefined) return;
  const diagnostic = errorOf('SYNTAX_ERROR', 'a second statement found, translate takes exactly one', {
    span: second.span,
    hint: 'compile --emit takes several',
  });
  throw new CommandFailure('', [{ diagnostic, text, name }]);
}

/** Prints a statement in another language. */
export const translate: Command = {
  usage: "translate 'STATEMENT'|- --to TARGET",
  about:
    'Prints one statement as SQL (PostgreSQL, MySQL, SQLite), for mongosh, as a curl command or as an HTTP request.',
  flags: { to: { value: 'TARGET', about: translationTargets.join('|') }, strict: strictFlag },
  async run(args, io) {
    const word = soleWord(args.words, 'statement');
    const target = oneOf('--to', args.text('to'), translationTargets);
    const named = await textOf(word, io);
    checkSole(named);
    io.out(`${printed(await compileTo(named, target, io, args.has('strict')))}\n`);
    return 0;
  },
};

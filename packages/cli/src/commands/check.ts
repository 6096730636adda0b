import { locate, type Diagnostic } from '@drops/diagnostics';
import { check as checkText, loadLanguages } from '@drops/engine';
import type { Command } from '../command.js';
import { drawFailure } from '../present/failure.js';
import { readSources } from './sources.js';
import type { NamedText } from './text.js';

/** `file:line:column: error[CODE]: message`, then the line with its caret. */
function describe({ text, name }: NamedText, diagnostic: Diagnostic, color: boolean): string {
  const { line, column } = locate(text, diagnostic.span ?? { start: 0, end: 0 }).start;
  const frame = drawFailure({ diagnostic, text, name }, color).split('\n');
  const headline = frame[0] ?? '';
  // The line after the headline says the place again.
  return [`${name}:${line}:${column}: ${headline}`, ...frame.slice(diagnostic.span ? 2 : 1)].join('\n');
}

/** Prints what is wrong in files of statements. Warnings alone are no failure. */
export const check: Command = {
  usage: 'check FILE…|-',
  about: 'Prints every error and warning of files of statements; the exit code is 1 if there is an error.',
  flags: {},
  async run(args, io) {
    const sources = await readSources(args.words, io);
    let errors = 0;
    for (const source of sources) {
      await loadLanguages(source.text);
      for (const diagnostic of checkText(source.text)) {
        if (diagnostic.severity === 'error') errors += 1;
        io.err(`${describe(source, diagnostic, io.color.err)}\n`);
      }
    }
    return errors > 0 ? 1 : 0;
  },
};

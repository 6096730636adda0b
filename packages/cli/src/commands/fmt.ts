import { rename, stat, writeFile } from 'node:fs/promises';
import { format } from '@drops/syntax';
import type { Command } from '../command.js';
import { CommandFailure, UsageError } from '../failures.js';
import type { Failure } from '../present/failure.js';
import { readSources } from './sources.js';
import type { NamedText } from './text.js';

/** Puts a new text in place of a file at once: readers see the old one or the new one. */
async function replaceFile(name: string, text: string): Promise<void> {
  const { mode } = await stat(name);
  const aside = `${name}.${process.pid}.tmp`;
  await writeFile(aside, text, { mode });
  await rename(aside, name);
}

/** Every text in canonical form; if one has an error, all errors and no text. */
function formatAll(sources: readonly NamedText[]): readonly NamedText[] {
  const failures: Failure[] = [];
  const formatted: NamedText[] = [];
  for (const { name, text } of sources) {
    const result = format(text);
    if ('errors' in result) failures.push(...result.errors.map((diagnostic) => ({ diagnostic, text, name })));
    else formatted.push({ name, text: result.text === '' ? '' : `${result.text.trimEnd()}\n` });
  }
  if (failures.length > 0) throw new CommandFailure('', failures);
  return formatted;
}

/** Formats files of statements. */
export const fmt: Command = {
  usage: 'fmt FILE…|-',
  about:
    'Prints statements in their canonical form, comments kept. On an error nothing is printed or written.',
  flags: { write: { about: 'write the files instead of printing them' } },
  async run(args, io) {
    const write = args.has('write');
    if (write && args.words.includes('-'))
      throw new UsageError('--write needs files, standard input (-) found');
    const sources = await readSources(args.words, io);
    const formatted = formatAll(sources);
    if (!write) {
      for (const { text } of formatted) io.out(text);
      return 0;
    }
    for (const [index, { name, text }] of formatted.entries()) {
      if (text !== sources[index]?.text) await replaceFile(name, text);
    }
    return 0;
  },
};

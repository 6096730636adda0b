import { compile as compileText, loadLanguages, translationTargets, type EmitStage } from '@drops/engine';
import type { Command } from '../command.js';
import { CommandFailure } from '../failures.js';
import { oneOf, soleWord } from '../flags.js';
import type { Io } from '../io.js';
import { drawFailure } from '../present/failure.js';
import { publicUrl } from '../settings.js';
import { textOf, type NamedText } from './text.js';

const stages = ['tokens', 'ast', 'ir', 'plan', ...translationTargets] as const satisfies readonly EmitStage[];

/** Refuses what says the statement only nearly. */
export const strictFlag = { about: 'refuses a translation that is less than exact, and says why' };

/** Compiles a text to a stage; `strict` translations are exact or refused; warnings go to stderr, errors become a CommandFailure. */
export async function compileTo(
  { text, name }: NamedText,
  stage: EmitStage,
  io: Io,
  strict = false,
): Promise<unknown> {
  await loadLanguages(text);
  const base = publicUrl(io);
  const result = compileText(text, stage, { strict, ...(base !== undefined && { publicUrl: base }) });
  if (!result.ok)
    throw new CommandFailure(
      '',
      result.diagnostics.map((diagnostic) => ({ diagnostic, text, name })),
    );
  for (const diagnostic of result.warnings)
    io.err(`${drawFailure({ diagnostic, text, name }, io.color.err)}\n`);
  return result.output;
}

/** What a stage gives, as text: texts as they are, data as JSON. */
export function printed(output: unknown): string {
  return typeof output === 'string' ? output : JSON.stringify(output, null, 2);
}

/** Prints a stage of the compiler. */
export const compile: Command = {
  usage: "compile 'STATEMENTS'|- --emit STAGE",
  about: 'Prints what a stage of the compiler makes of statements; several statements give a JSON array.',
  flags: { emit: { value: 'STAGE', about: stages.join('|') }, strict: strictFlag },
  async run(args, io) {
    const word = soleWord(args.words, 'statement');
    const stage = oneOf('--emit', args.text('emit'), stages);
    io.out(`${printed(await compileTo(await textOf(word, io), stage, io, args.has('strict')))}\n`);
    return 0;
  },
};

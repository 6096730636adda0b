import type { Json, JsonObject } from '@drops/diagnostics';
import type { Command } from '../command.js';
import { UsageError } from '../failures.js';
import { soleWord } from '../flags.js';
import { present } from '../present/reply.js';
import { runText } from '../session/run.js';
import { withSession } from '../session/open-session.js';
import { placeFlags } from '../settings.js';
import { textOf } from './text.js';

/** `name=json` → a parameter. Names are own names, whatever they are. */
function paramsOf(texts: readonly string[]): JsonObject | undefined {
  if (texts.length === 0) return undefined;
  const entries = texts.map((text): [string, Json] => {
    const parts = /^\$?([^=]+)=([\s\S]*)$/.exec(text);
    const [, name = '', json = ''] = parts ?? [];
    if (!parts) throw new UsageError(`--param ${text.slice(0, 60)} is not name=json`);
    try {
      return [name, JSON.parse(json)];
    } catch {
      throw new UsageError(
        `--param ${name}: ${json.slice(0, 60)} is not JSON; a text is written ${name}='"text"'`,
      );
    }
  });
  return Object.fromEntries(entries);
}

/** Runs statements and prints their results: tables, or the JSON reply. */
export const exec: Command = {
  usage: "exec 'STATEMENTS'|-",
  about: 'Runs statements, given as an argument or (-) on standard input, and prints their results.',
  flags: {
    ...placeFlags,
    json: { about: 'print the JSON reply' },
    param: { value: 'NAME=JSON', about: 'the value of $NAME; may be repeated' },
  },
  async run(args, io) {
    const { text, name } = await textOf(soleWord(args.words, 'statement'), io);
    const params = paramsOf(args.all('param'));
    const body = await withSession(args, io, (session) =>
      runText(session, text, io, { name, ...(params && { params }) }),
    );
    io.out(`${args.has('json') ? JSON.stringify(body) : present(body, io.columns)}\n`);
    return 0;
  },
};

import { didYouMean } from '@drops/diagnostics';
import { compileTo, printed } from '../commands/compile.js';
import { CommandFailure, UsageError } from '../failures.js';
import type { Io } from '../io.js';
import { present } from '../present/reply.js';
import { report } from '../report.js';
import { runText } from '../session/run.js';
import type { Session } from '../session/session.js';

/** What a session at the prompt remembers between statements. */
export interface ReplState {
  timing: boolean;
  json: boolean;
  /** The last statement, for `.plan` and `.sql` without one. */
  last: string | undefined;
}

const help = `statements run at Enter; open brackets and strings go on in the next line
  .plan [STATEMENT]    how it would run (without one: the last statement)
  .sql [STATEMENT]     as PostgreSQL
  .mysql [STATEMENT]   as MySQL
  .json [on|off]       results as JSON
  .timing [on|off]     how long each statement takes
  .help                this
  .exit                leave (so does Ctrl-D)
Tab completes keywords, routes and fields; Ctrl-C drops a line or stops a statement
`;
const names = ['.help', '.plan', '.sql', '.mysql', '.json', '.timing', '.exit', '.quit'];

function switched(rest: string, current: boolean): boolean {
  if (rest === '') return !current;
  if (rest === 'on' || rest === 'off') return rest === 'on';
  throw new UsageError(`${rest.slice(0, 40)} found, on or off expected`);
}

async function runStatement(
  text: string,
  session: Session,
  state: ReplState,
  io: Io,
  signal: AbortSignal,
): Promise<void> {
  const before = performance.now();
  const body = await runText(session, text, io, { signal });
  const took = performance.now() - before;
  io.out(`${state.json ? JSON.stringify(body) : present(body, io.columns)}\n`);
  if (state.timing) io.out(`${took < 10 ? took.toFixed(1) : took.toFixed(0)} ms\n`);
}

/** Runs a `.command`; gives whether the session goes on. */
async function runDotCommand(
  line: string,
  session: Session,
  state: ReplState,
  io: Io,
  signal: AbortSignal,
): Promise<boolean> {
  const [, name = '', rest = ''] = /^(\.\w+)\s*([^]*)$/.exec(line.trim()) ?? [];
  const statement = (): string => {
    const text = rest === '' ? state.last : rest;
    if (text === undefined) throw new UsageError(`${name} needs a statement: none has run yet`);
    return text;
  };
  switch (name) {
    case '.exit':
    case '.quit':
      return false;
    case '.help':
      io.out(help);
      return true;
    case '.json':
      state.json = switched(rest, state.json);
      return true;
    case '.timing':
      state.timing = switched(rest, state.timing);
      return true;
    case '.plan':
      io.out(
        `${present(await runText(session, `explain ${statement()}`, io, { shift: 8, signal }), io.columns)}\n`,
      );
      return true;
    case '.sql':
    case '.mysql':
      io.out(
        `${printed(await compileTo({ text: statement(), name: 'input' }, name === '.sql' ? 'sql' : 'mysql', io))}\n`,
      );
      return true;
    default: {
      const near = didYouMean(name, names);
      throw new UsageError(`unknown command ${name}${near === undefined ? '' : `; ${near}`}`);
    }
  }
}

/** Runs what was entered and shows what came of it. False: the session is over. */
export async function evaluate(
  text: string,
  session: Session,
  state: ReplState,
  io: Io,
  signal: AbortSignal,
): Promise<boolean> {
  if (text.trim() === '') return true;
  try {
    // A route may begin with a dot too, but then it has a slash: `.well-known/acme`.
    if (/^\s*\.\w+(\s|$)/.test(text)) return await runDotCommand(text, session, state, io, signal);
    await runStatement(text, session, state, io, signal);
    state.last = text;
  } catch (error) {
    if (signal.aborted) io.err('stopped\n');
    else if (error instanceof UsageError) io.err(`${error.message}; .help tells more\n`);
    else report(error instanceof Error ? error : new CommandFailure(String(error)), 'repl', io);
  }
  return true;
}

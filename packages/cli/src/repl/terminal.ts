import { createInterface, cursorTo, type Interface } from 'node:readline';
import type { Io } from '../io.js';
import { widthOf } from '../present/width.js';
import type { Session } from '../session/session.js';
import { complete } from './complete.js';
import { createEntries, type Entries } from './entries.js';
import { highlight } from './highlight.js';
import { historyFile, openHistory } from './history.js';
import { onOneLine } from './scan.js';

type Evaluate = (text: string, signal: AbortSignal) => Promise<boolean>;

function prompts(env: Io['env']): { readonly first: string; readonly next: string } {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return /utf-?8/i.test(locale)
    ? { first: 'drops ❯ ', next: '    … ❯ ' }
    : { first: 'drops > ', next: '    . > ' };
}

/** Paints the line after each key, when it fits on one row; readline itself writes it plain. */
function paintLine(rl: Interface, io: Io): void {
  const { line } = rl;
  const { rows, cols } = rl.getCursorPos();
  const start = widthOf(rl.getPrompt());
  if (line === '' || rows > 0 || start + widthOf(line) >= (process.stdout.columns || 80)) return;
  cursorTo(process.stdout, start);
  io.out(highlight(line));
  cursorTo(process.stdout, cols);
}

/** Puts one entry in place of the lines that it was typed in. */
function rewriteHistory(history: string[], lines: number, entry: string): void {
  history.splice(0, Math.min(lines, history.length), entry);
}

/** The prompt on a terminal: editing, history, completion, colours. Resolves when it is left. */
export function readTerminal(session: Session, io: Io, evaluate: Evaluate): Promise<void> {
  const prompt = prompts(io.env);
  const history = openHistory(historyFile(io.env));
  const entries = createEntries();
  let recalled: string[] = [...history.entries];
  const rl = createInterface({
    input: process.stdin,
    output: process.stdout,
    terminal: true,
    history: recalled,
    historySize: 1000,
    removeHistoryDuplicates: true,
    prompt: prompt.first,
    completer: (line: string, done: (error: null, result: [string[], string]) => void) => {
      const text = entries.pending === '' ? line : `${entries.pending}\n${line}`;
      session
        .words()
        .then((words) => complete(text, words))
        .then(
          ([found, prefix]) => done(null, [[...found], prefix]),
          () => done(null, [[], line]),
        );
    },
  });
  rl.on('history', (lines: string[]) => (recalled = lines));
  if (io.color.out) process.stdin.on('keypress', () => paintLine(rl, io));
  return converse(rl, entries, prompt, {
    evaluate,
    io,
    remember(entry, lines) {
      const one = onOneLine(entry);
      if (lines > 1) rewriteHistory(recalled, lines, one);
      history.add(one);
    },
  });
}

interface Conversation {
  readonly evaluate: Evaluate;
  readonly io: Io;
  readonly remember: (entry: string, lines: number) => void;
}

/** Lines of one paste come in one turn: they are taken together, and one statement runs after the other. */
function converse(
  rl: Interface,
  entries: Entries,
  prompt: { readonly first: string; readonly next: string },
  { evaluate, io, remember }: Conversation,
): Promise<void> {
  return new Promise((resolve) => {
    const arrived: string[] = [];
    let running: AbortController | undefined;
    let working = false;
    let over = false;
    let left = false;

    const ask = () => {
      rl.setPrompt(entries.pending === '' ? prompt.first : prompt.next);
      rl.prompt();
    };
    const work = async () => {
      while (arrived.length > 0 && !over) {
        for (const entry of entries.push(arrived.splice(0))) {
          if (entry.trim() !== '') remember(entry, entry.split('\n').length);
          running = new AbortController();
          const goesOn = await evaluate(entry, running.signal);
          running = undefined;
          if (!goesOn) {
            left = true;
            rl.close();
            return;
          }
        }
      }
      if (!over) ask();
    };
    const startWork = () => {
      if (working || over) return;
      working = true;
      setImmediate(() => {
        void work().finally(() => {
          working = false;
          if (over) resolve();
          else if (arrived.length > 0) startWork();
        });
      });
    };

    rl.on('line', (line) => {
      arrived.push(line);
      startWork();
    });
    rl.on('SIGINT', () => {
      if (running) {
        running.abort();
        return;
      }
      entries.drop();
      arrived.length = 0;
      io.out('^C\n');
      rl.write(null, { ctrl: true, name: 'e' });
      rl.write(null, { ctrl: true, name: 'u' });
      ask();
    });
    rl.on('close', () => {
      over = true;
      running?.abort();
      // After Ctrl-D the cursor still stands behind the prompt.
      if (!left) io.out('\n');
      if (!working) resolve();
    });
    ask();
  });
}

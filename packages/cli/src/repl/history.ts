import { appendFileSync, chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Io } from '../io.js';

const kept = 1000;

/** Where history is kept: the state folder of the XDG rules. */
export function historyFile(env: Io['env']): string {
  const state = env['XDG_STATE_HOME'];
  const home = env['HOME'] ?? homedir();
  return join(
    state !== undefined && state !== '' ? state : join(home, '.local', 'state'),
    'drops',
    'history',
  );
}

const keyForm = /(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])/;
const secretWords = /\b(?:key|subkey|secret|password|passphrase|token|credential|private)\b/i;

/** True for what had better not lie on disk: keys and whatever names a secret. */
export function holdsSecret(entry: string): boolean {
  return keyForm.test(entry) || secretWords.test(entry);
}

export interface History {
  /** Newest first, as readline wants it. */
  readonly entries: readonly string[];
  add(entry: string): void;
}

/** Reads the history and appends to it. A disk that does not take it is no reason to stop working. */
export function openHistory(file: string): History {
  let entries: string[] = [];
  const attempt = (action: () => void) => {
    try {
      action();
    } catch {
      // Without a history file the session still works.
    }
  };
  attempt(() => {
    entries = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
    chmodSync(file, 0o600);
    if (entries.length <= 2 * kept) return;
    entries = entries.slice(-kept);
    writeFileSync(file, `${entries.join('\n')}\n`, { mode: 0o600 });
  });
  return {
    entries: entries.slice(-kept).reverse(),
    add(entry) {
      if (entry === '' || holdsSecret(entry)) return;
      attempt(() => {
        mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
        appendFileSync(file, `${entry}\n`, { mode: 0o600 });
      });
    },
  };
}

import { readFile } from 'node:fs/promises';
import { fail } from '@drops/diagnostics';
import { UsageError } from '../failures.js';
import { readAll, type Io } from '../io.js';
import type { NamedText } from './text.js';

const decoder = new TextDecoder('utf-8', { fatal: true });

/** Reads each file (`-`: standard input). A missing file is a system error, bytes that are not UTF-8 one of ours. */
export async function readSources(words: readonly string[], io: Io): Promise<readonly NamedText[]> {
  if (words.length === 0) throw new UsageError('a file, or - for standard input, is missing');
  const sources: NamedText[] = [];
  for (const name of words)
    sources.push({ name, text: name === '-' ? await readAll(io) : decode(await readFile(name), name) });
  return sources;
}

function decode(bytes: Buffer, name: string): string {
  try {
    return decoder.decode(bytes);
  } catch {
    fail('SYNTAX_ERROR', `${name} is not UTF-8`);
  }
}

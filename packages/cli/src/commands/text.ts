import { readAll, type Io } from '../io.js';

/** A text and the name that stands before its lines and columns. */
export interface NamedText {
  readonly text: string;
  readonly name: string;
}

/** An argument as text; `-` reads standard input. */
export async function textOf(word: string, io: Io): Promise<NamedText> {
  return word === '-' ? { text: await readAll(io), name: '-' } : { text: word, name: 'input' };
}

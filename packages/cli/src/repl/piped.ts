import type { Io } from '../io.js';
import { createEntries } from './entries.js';

/** Feeds statements from a pipe or a file, as they come, until `evaluate` says that it is over. */
export async function readPipe(io: Io, evaluate: (text: string) => Promise<boolean>): Promise<void> {
  const entries = createEntries();
  const decoder = new TextDecoder();
  let rest = '';
  const run = async (texts: readonly string[]): Promise<boolean> => {
    for (const text of texts) if (!(await evaluate(text))) return false;
    return true;
  };
  for await (const chunk of io.stdin) {
    const lines = (rest + decoder.decode(Buffer.from(chunk), { stream: true })).split(/\r?\n/);
    rest = lines.pop() ?? '';
    if (!(await run(entries.push(lines)))) return;
  }
  if (rest !== '' && !(await run(entries.push([rest])))) return;
  await run(entries.flush());
}

import { createHash } from 'node:crypto';

/** Texts that are counted, and names that a process gives: each connection keeps what it has prepared. */
const mostTexts = 1000;
const mostNames = 200;

const seen = new Set<string>();
const names = new Map<string, string>();

/** The name under which a text that comes again is prepared: to plan it costs more than to run it. The first time it has none. */
export function statementName(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined) return known;
  if (!seen.has(text)) {
    if (seen.size >= mostTexts) seen.clear();
    seen.add(text);
    return undefined;
  }
  if (names.size >= mostNames) return undefined;
  const name = `s${createHash('sha256').update(text).digest('hex').slice(0, 24)}`;
  names.set(text, name);
  return name;
}

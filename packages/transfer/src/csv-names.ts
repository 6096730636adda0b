/**
 * Names of CSV columns. A dot leads into an object; a dot or backslash of a name itself stands behind a
 * backslash, and so does the first letter of a payload field that has the name of a column of ours.
 */
export const ownColumns = { route: '_route', key: '_key', time: '_created_at', payload: 'payload' } as const;

const reserved: ReadonlySet<string> = new Set(Object.values(ownColumns));

/** Ends the name of a column whose cells are texts, whatever they look like. */
export const textSuffix = '\\text';

function escapePart(part: string): string {
  return part.replace(/[\\.]/g, '\\$&');
}

/** The path of a payload field → the name of its column. */
export function columnName(path: readonly string[]): string {
  const name = path.map(escapePart).join('.');
  return reserved.has(name) ? `\\${name}` : name;
}

export interface ParsedName {
  /** The name as it stands, when it is no escaped one. */
  readonly own: string | undefined;
  readonly path: readonly string[];
  readonly text: boolean;
}

/** The name of a column → where its cells go. */
export function parseName(header: string): ParsedName {
  // Backslashes of a name come in pairs: one that is left over belongs to the suffix.
  const text = (/(\\+)text$/.exec(header)?.[1]?.length ?? 0) % 2 === 1;
  const name = text ? header.slice(0, -textSuffix.length) : header;
  const path = [''];
  for (let i = 0; i < name.length; i += 1) {
    const char = name.charAt(i);
    const next = name.charAt(i + 1);
    const escaped =
      char === '\\' && (next === '\\' || next === '.' || (i === 0 && reserved.has(name.slice(1))));
    if (escaped) i += 1;
    if (char === '.' && !escaped) path.push('');
    else path.push((path.pop() ?? '') + (escaped ? next : char));
  }
  return { own: reserved.has(name) && !text ? name : undefined, path, text };
}

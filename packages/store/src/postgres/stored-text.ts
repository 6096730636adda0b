/*
 * PostgreSQL's text holds no U+0000, which keys and routes may. U+0001 stands before what it stands for, so that the order of
 * the texts stays that of their code points.
 */

const special = /[\0\u0001]/;

/** A key or path as it is stored. */
export function storedText(text: string): string {
  if (!special.test(text)) return text;
  return text.replaceAll('\u0001', '\u0001\u0002').replaceAll('\0', '\u0001\u0001');
}

/** The key or path that is stored so. */
export function shownText(stored: string): string {
  if (!stored.includes('\u0001')) return stored;
  return stored.replace(/\u0001(.)/gs, (_pair, mark: string) => (mark === '\u0001' ? '\0' : '\u0001'));
}

/** Whether a text is stored otherwise than it is: SQL over it would tell otherwise too. */
export function isOpaqueText(text: string): boolean {
  return special.test(text);
}

const lineFeed = 0x0a;

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d) || code === 0xa0 || code === 0xfeff;
}

/** Whether a comment begins here: `--` or `//` at the start of a line or after white space. */
export function isCommentStart(text: string, offset: number): boolean {
  const code = text.charCodeAt(offset);
  if (code !== text.charCodeAt(offset + 1) || (code !== 0x2d && code !== 0x2f)) return false;
  return offset === 0 || isSpace(text.charCodeAt(offset - 1));
}

/** Where the line of this offset ends, without its line break. */
export function endOfLine(text: string, offset: number): number {
  const found = text.indexOf('\n', offset);
  if (found === -1) return text.length;
  return text.charCodeAt(found - 1) === 0x0d && found > offset ? found - 1 : found;
}

const result: [string] = [''];

/** Matches a comment up to the end of its line. */
export function matchComment(text: string, offset: number): [string] | null {
  if (!isCommentStart(text, offset)) return null;
  result[0] = text.slice(offset, endOfLine(text, offset));
  return result;
}

/** Whether a character is a line feed. */
export function isLineFeed(code: number): boolean {
  return code === lineFeed;
}

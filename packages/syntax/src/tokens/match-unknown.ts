const longestRun = 32;

/**
 * Characters that stand for all: the lexer sorts patterns by their first character, single codes below 256 and
 * blocks of 255 above.
 */
export const everyCharacter: number[] = [
  ...Array.from({ length: 256 }, (_, code) => code),
  ...Array.from({ length: 256 }, (_, block) => 256 + block * 255),
];

const result: [string] = [''];

/** Matches one character, or a run of the same one: `...`, `&&`. */
export function matchUnknown(text: string, offset: number): [string] {
  const character = String.fromCodePoint(text.codePointAt(offset) ?? 0);
  let end = offset + character.length;
  const most = Math.min(text.length, offset + longestRun);
  while (end < most && text.startsWith(character, end)) end += character.length;
  result[0] = text.slice(offset, end);
  return result;
}

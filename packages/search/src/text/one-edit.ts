/** True when one insertion, deletion, substitution or transposition of neighbours makes one word of the other, and they differ. */
export function isOneEdit(a: string, b: string): boolean {
  const difference = a.length - b.length;
  if (difference > 1 || difference < -1) return false;
  const shorter = Math.min(a.length, b.length);
  let head = 0;
  while (head < shorter && a.charCodeAt(head) === b.charCodeAt(head)) head += 1;
  if (head === shorter) return difference !== 0;
  let tail = 0;
  const room = shorter - head;
  while (tail < room && a.charCodeAt(a.length - 1 - tail) === b.charCodeAt(b.length - 1 - tail)) tail += 1;
  const left = shorter - head - tail;
  if (difference !== 0) return left === 0;
  if (left === 1) return true;
  return (
    left === 2 &&
    a.charCodeAt(head) === b.charCodeAt(head + 1) &&
    a.charCodeAt(head + 1) === b.charCodeAt(head)
  );
}

/** Words shorter than this are too near to too many others. */
export const shortestFuzzy = 3;

/**
 * How to find the words one edit away without looking at all: whatever the edit, the first or the second half of the word is
 * untouched, or two letters on the border changed places.
 */
export function halvesOf(word: string): {
  readonly head: string;
  readonly tail: string;
  readonly swapped: string;
} {
  const middle = word.length >> 1;
  const swapped =
    word.slice(0, middle - 1) + word.charAt(middle) + word.charAt(middle - 1) + word.slice(middle + 1);
  return { head: word.slice(0, middle), tail: word.slice(middle), swapped };
}

/** Lengths up to here are kept exactly, longer ones within 2.2 %. */
const exact = 64;
const stepsPerDoubling = 16;

/** The number of words of a text in a byte: exact up to 64, then by steps of a sixteenth of a doubling. */
export function lengthCode(words: number): number {
  if (words <= exact) return words;
  return Math.min(255, exact + Math.round(stepsPerDoubling * Math.log2(words / exact)));
}

/** The length that each code stands for. */
export const lengthOfCode: Float64Array = Float64Array.from({ length: 256 }, (_, code) =>
  code <= exact ? code : exact * 2 ** ((code - exact) / stepsPerDoubling),
);

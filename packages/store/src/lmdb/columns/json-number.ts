const zero = 0x30;
const point = 0x2e;
const minus = 0x2d;
/** As many digits as every double holds exactly. */
const exactDigits = 15;
const powers = Array.from({ length: exactDigits + 1 }, (_, i) => 10 ** i);

/**
 * The number that JSON.parse reads in [start, end). Few digits without exponent are one exact whole number divided by
 * an exact power of ten, which is rounded once, as it should be; all others are left to the engine.
 */
export function readNumber(bytes: Buffer, start: number, end: number): number {
  const negative = bytes[start] === minus;
  let whole = 0;
  let digits = 0;
  let pointAt = -1;
  for (let i = negative ? start + 1 : start; i < end; i += 1) {
    const byte = bytes[i] ?? 0;
    const digit = byte - zero;
    if (digit >= 0 && digit <= 9) {
      whole = whole * 10 + digit;
      digits += 1;
    } else if (byte === point) pointAt = i;
    else return Number(bytes.toString('latin1', start, end));
  }
  if (digits > exactDigits) return Number(bytes.toString('latin1', start, end));
  const value = pointAt < 0 ? whole : whole / (powers[end - pointAt - 1] ?? 1);
  return negative ? -value : value;
}

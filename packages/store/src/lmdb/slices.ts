declare global {
  interface Buffer {
    /** What `toString` calls once it has found out the encoding: a third of the time on short texts. */
    latin1Slice(start: number, end: number): string;
    utf8Slice(start: number, end: number): string;
  }
}

/** The text of some bytes, all of which are one character each (`ascii`) or UTF-8. */
export function textOf(bytes: Buffer, start: number, end: number, ascii: boolean): string {
  return ascii ? bytes.latin1Slice(start, end) : bytes.utf8Slice(start, end);
}

/** A half-open range of UTF-16 offsets into one source text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A place as people count it: lines and columns from 1, offsets from 0, all in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** A span with lines and columns, as it goes over the wire. */
export interface LocatedSpan {
  readonly start: Position;
  readonly end: Position;
}

/** The smallest span that covers both. */
export function cover(first: Span, last: Span): Span {
  return { start: Math.min(first.start, last.start), end: Math.max(first.end, last.end) };
}

/** Line and column of an offset. Offsets past the end are clamped to it. */
export function positionAt(text: string, offset: number): Position {
  const at = Math.max(0, Math.min(offset, text.length));
  let line = 1;
  let lineStart = 0;
  for (let next = text.indexOf('\n'); next !== -1 && next < at; next = text.indexOf('\n', lineStart)) {
    line += 1;
    lineStart = next + 1;
  }
  return { line, column: at - lineStart + 1, offset: at };
}

/** Both ends of a span with lines and columns. */
export function locate(text: string, span: Span): LocatedSpan {
  return { start: positionAt(text, span.start), end: positionAt(text, span.end) };
}

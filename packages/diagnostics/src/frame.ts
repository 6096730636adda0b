import type { Diagnostic } from './error.js';
import { locate } from './span.js';

export interface FrameOptions {
  /** What stands before line and column; `-` names standard input. */
  readonly name?: string;
  readonly color?: boolean;
}

/** What is drawn. The code may be that of another server, which this catalogue does not know. */
export type Drawable = Omit<Diagnostic, 'code' | 'status'> & { readonly code: string };

const maxWidth = 120;

/**
 * A diagnostic as people read it: headline, place, the line of source with a caret under the span, hint.
 * Long lines are cut around the span, so that a megabyte on one line still shows its fault.
 */
export function drawFrame(text: string, diagnostic: Drawable, options: FrameOptions = {}): string {
  const paint = (code: number, s: string) => (options.color ? `\u001b[${code}m${s}\u001b[0m` : s);
  const tint = diagnostic.severity === 'error' ? 31 : 33;
  const lines = [`${paint(tint, diagnostic.severity)}[${diagnostic.code}]: ${diagnostic.message}`];
  if (diagnostic.span) {
    const { start, end } = locate(text, diagnostic.span);
    const lineStart = start.offset - start.column + 1;
    const newline = text.indexOf('\n', lineStart);
    const full = text.slice(lineStart, newline === -1 ? text.length : newline).replace(/\r$/, '');
    const from = Math.max(0, start.column - 1 - maxWidth / 2);
    const shown = full.slice(from, from + maxWidth);
    const head = from > 0 ? '…' : '';
    const tail = from + maxWidth < full.length ? '…' : '';
    const width = end.line === start.line ? end.column - start.column : full.length - start.column + 1;
    const column = start.column - 1 - from;
    const caret = '^'.repeat(Math.max(1, Math.min(width, maxWidth - column)));
    const gutter = String(start.line);
    const blank = ' '.repeat(gutter.length);
    // Tabs stay tabs under the line, so that the caret stands where the eye looks.
    const indent = head.replace(/./g, ' ') + shown.slice(0, column).replace(/[^\t]/g, ' ');
    lines.push(`${blank} ${paint(34, '-->')} ${options.name ?? 'input'}:${start.line}:${start.column}`);
    lines.push(`${blank} ${paint(34, '|')}`);
    lines.push(`${paint(34, `${gutter} |`)} ${head}${shown}${tail}`);
    lines.push(`${blank} ${paint(34, '|')} ${indent}${paint(tint, caret)}`);
  }
  if (diagnostic.hint !== undefined) lines.push(`  ${paint(36, 'hint')}: ${diagnostic.hint}`);
  return lines.join('\n');
}

import type { Json } from '@drops/diagnostics';

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
// Control characters and bidirectional overrides could drive the terminal or disguise what stands there.
const unsafe = /[\u0000-\u001F\u007F-\u009F\u200E\u200F\u2028-\u202E\u2066-\u2069]/g;

/** Text from data, safe to write on a terminal and on one line. */
export function safeText(text: string): string {
  return text.replace(
    unsafe,
    (sign) => short[sign] ?? `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A value as a table shows it; what is missing is empty. */
export function cellOf(value: Json | undefined): string {
  if (value === undefined) return '';
  return safeText(typeof value === 'string' ? value : JSON.stringify(value));
}

const plain = /^[A-Za-z0-9_./:=@%+,-]+$/;

/** One word of a POSIX shell command, whatever the text holds; the only place that quotes for a shell. */
export function quoteShell(text: string): string {
  return plain.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

export type Chunks = AsyncIterable<string> | Iterable<string>;

/** Chunks of text as lines, without their ends; a byte order mark at the beginning is not part of the first. */
export async function* linesOf(chunks: Chunks): AsyncGenerator<string> {
  let parts: string[] = [];
  let first = true;
  for await (const chunk of chunks) {
    let start = 0;
    const text = first && chunk.startsWith('\uFEFF') ? chunk.slice(1) : chunk;
    if (chunk !== '') first = false;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      parts.push(text.slice(start, end));
      yield parts.join('');
      parts = [];
      start = end + 1;
    }
    if (start < text.length) parts.push(text.slice(start));
  }
  if (parts.length > 0) yield parts.join('');
}

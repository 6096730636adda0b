import { toDiagnostic, toErrorBody, DropsError, type Json } from '@drops/diagnostics';
import { corsHeaders } from '../replies.js';

export const ndjsonType = 'application/x-ndjson';
/** Rows are sent together up to about this many characters; a chunk a row costs five times as much. */
const chunkSize = 16_384;

/**
 * Rows as lines, pulled only as fast as the client reads. The first row is awaited before the reply
 * begins, so that a fault before it has its own status; one after it becomes the last line.
 */
export async function ndjson(
  rows: AsyncIterable<Json>,
  onFault: (fault: unknown) => void,
): Promise<Response> {
  const iterator = rows[Symbol.asyncIterator]();
  let next = await iterator.next();
  const encoder = new TextEncoder();

  async function nextChunk(): Promise<string> {
    let chunk = '';
    try {
      while (!next.done && chunk.length < chunkSize) {
        chunk += `${JSON.stringify(next.value)}\n`;
        next = await iterator.next();
      }
    } catch (error) {
      if (!(error instanceof DropsError)) onFault(error);
      chunk += `${JSON.stringify({ error: toErrorBody(toDiagnostic(error)) })}\n`;
      next = { done: true, value: undefined };
    }
    return chunk;
  }

  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const chunk = await nextChunk();
        if (chunk !== '') controller.enqueue(encoder.encode(chunk));
        if (next.done) controller.close();
      },
      async cancel() {
        await iterator.return?.();
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { status: 200, headers: { ...corsHeaders, 'content-type': ndjsonType } });
}

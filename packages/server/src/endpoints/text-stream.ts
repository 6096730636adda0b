import { DropsError } from '@drops/diagnostics';
import { corsHeaders } from '../replies.js';

/**
 * Chunks of text as a reply, pulled only as fast as the client reads. The first chunk is awaited before the reply begins,
 * so that a fault before it has its own status; one after it cuts the connection: a half export must not look whole.
 */
export async function textStream(
  chunks: AsyncIterable<string>,
  contentType: string,
  onFault: (fault: unknown) => void,
): Promise<Response> {
  const iterator = chunks[Symbol.asyncIterator]();
  let next = await iterator.next();
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (!next.done) controller.enqueue(encoder.encode(next.value));
        try {
          if (!next.done) next = await iterator.next();
          if (next.done) controller.close();
        } catch (error) {
          if (!(error instanceof DropsError)) onFault(error);
          controller.error(error);
        }
      },
      async cancel() {
        await iterator.return?.();
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { status: 200, headers: { ...corsHeaders, 'content-type': contentType } });
}

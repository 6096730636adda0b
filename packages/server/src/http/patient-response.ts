import { ServerResponse, type IncomingMessage, type Server } from 'node:http';

/** An HTTP server whose responses are patient. */
export type PatientServer = Server<typeof IncomingMessage, typeof PatientResponse>;

const patienceMs = 30_000;
const patienceBytes = 256 * 1024 * 1024;

/**
 * A response that is sent at once but ends only when its request has wholly arrived; what still comes is
 * read and thrown away. Node would cut a connection that is not kept alive, and a reset connection takes
 * a 413 with it before a client that is still sending has seen it.
 */
export class PatientResponse extends ServerResponse {
  override end(...last: unknown[]): this {
    const [only] = last;
    if (this.req.complete && last.length === 1 && typeof only === 'string') return super.end(only);
    const chunk = last.find((part) => typeof part === 'string' || part instanceof Uint8Array);
    const then = last.find((part): part is () => void => typeof part === 'function');
    if (then) this.once('finish', then);
    if (!this.#requestGoesOn()) return chunk === undefined ? super.end() : super.end(chunk);
    if (chunk !== undefined) this.write(chunk);
    else this.flushHeaders();
    this.#discardRest(() => super.end());
    return this;
  }

  #requestGoesOn(): boolean {
    const { complete, destroyed, headers } = this.req;
    if (complete || destroyed) return false;
    const length = headers['content-length'];
    return headers['transfer-encoding'] !== undefined || (length !== undefined && Number(length) > 0);
  }

  #discardRest(done: () => void): void {
    const request = this.req;
    let left = patienceBytes;
    const cut = () => request.socket.destroy();
    const timer = setTimeout(cut, patienceMs).unref();
    // Whoever read the body so far has given up, but would still pause it or keep its chunks.
    request.removeAllListeners('data');
    request.on('data', (chunk: Buffer) => {
      left -= chunk.length;
      if (left < 0) cut();
    });
    request.on('error', () => undefined);
    request.once('close', () => {
      clearTimeout(timer);
      done();
    });
    request.once('end', () => {
      clearTimeout(timer);
      done();
    });
    request.resume();
  }
}

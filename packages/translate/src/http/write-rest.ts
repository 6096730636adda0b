import { baseOf, type HttpRequest } from './http-request.js';

const address = /^[a-z][a-z0-9+.-]*:\/\/([^/]*)(.*)$/i;

/** A request as text: `METHOD path`, headers, an empty line, the body. */
export function writeRest(request: HttpRequest, publicUrl?: string): string {
  const { method, path, body } = request;
  const [, host, base] = address.exec(baseOf(publicUrl)) ?? [];
  const lines = [`${method} ${base ?? ''}${path}`, ...(host ? [`Host: ${host}`] : [])];
  if (!body) return lines.join('\n');
  return [...lines, `Content-Type: ${body.type}`, '', body.text].join('\n');
}

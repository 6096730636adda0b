import type { Answer, Door } from './door.js';
import { createKeyWatch, type KeyWatch } from './key-watch.js';

/** The lines that a server has said since they were last taken. */
export type TakeLines = () => readonly string[];

function check(watch: KeyWatch, finding: string | undefined, lines: readonly string[]): void {
  const found = [finding, ...lines.map((line) => watch.findingInLine(line))].find((one) => one !== undefined);
  if (found !== undefined) throw new Error(found);
}

/** The same door, which fails whenever an answer, its headers or a line of the server shows a key to somebody who does not know it. */
export function watchedDoor(door: Door, takeLines: TakeLines = () => []): Door {
  const watch = createKeyWatch();
  const watched = (caller: string | undefined, sent: unknown, answer: Answer): Answer => {
    const text = JSON.stringify(sent);
    check(watch, watch.finding({ caller: caller ?? null, text }, answer), takeLines());
    return answer;
  };
  const { request } = door;
  return {
    ...door,
    exec: async (statement) => watched(statement.key, statement, await door.exec(statement)),
    ...(request && {
      request: async (message, key) =>
        watched(message.headers?.['x-ocean-key'] ?? key, message, await request(message, key)),
    }),
  };
}

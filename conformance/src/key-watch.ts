import type { Answer } from './door.js';

/** What was sent, as one text, and by whom: the key of the caller, null for nobody. */
export interface Sent {
  readonly caller: string | null;
  readonly text: string;
}

/** Watches over a server: nothing that it says may show a key to somebody who does not know it. */
export interface KeyWatch {
  /** Why an answer shows what its caller must not see; undefined when it does not. */
  finding(sent: Sent, answer: Answer): string | undefined;
  /** Why a line of output does; the output is for nobody's eyes, so no key may be in it. */
  findingInLine(line: string): string | undefined;
}

/** A key, or a sub-key, where nothing of its kind touches it. */
const credential = /(?<![\w-])(?:sub_[0-9a-f]+_[0-9a-f]+_)?[\w-]{43}(?![\w-])/g;

const credentialsOf = (text: string): readonly string[] => text.match(credential) ?? [];

/** The text of an answer, headers included. */
const shown = ({ text, body, headers }: Answer): string =>
  `${JSON.stringify([...(headers ?? [])])} ${text ?? JSON.stringify(body)}`;

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([one]) => one === name)?.[1];
}

/** The credentials that an answer gives to its caller: a new pair of keys, a new sub-key, the key of a sign-in. */
function givenBy({ body }: Answer): readonly string[] {
  const pair = member(body, 'keypair');
  return [member(pair, 'public'), member(pair, 'private'), member(body, 'key')].flatMap((value) =>
    typeof value === 'string' ? credentialsOf(value) : [],
  );
}

/** What is said of a key without saying it. */
const hint = (key: string): string => `${key.slice(0, 8)}…`;

/**
 * Knows a key from the first time that anybody sends it or is given it. Each caller knows their own, what they ever sent, and what was made for
 * them; the anonymous know what is in their request. A sign-in link gives a key to whoever has it.
 */
export function createKeyWatch(): KeyWatch {
  const all = new Set<string>();
  const knownTo = new Map<string, Set<string>>();
  const knowledgeOf = (caller: string | null): Set<string> => {
    const known = (caller === null ? undefined : knownTo.get(caller)) ?? new Set<string>();
    if (caller !== null) knownTo.set(caller, known);
    return known;
  };
  return {
    finding({ caller, text }, answer) {
      const known = knowledgeOf(caller);
      for (const key of [...credentialsOf(text), ...(caller === null ? [] : [caller])]) {
        all.add(key);
        known.add(key);
      }
      const given = givenBy(answer);
      const isSignIn = text.includes('/auth/verify');
      for (const key of given) if (isSignIn || !all.has(key)) known.add(key);
      const seen = shown(answer);
      const leak = [...all].find((key) => !known.has(key) && seen.includes(key));
      for (const key of given) all.add(key);
      return (
        leak && `shows the key ${hint(leak)} to ${caller === null ? 'nobody in particular' : hint(caller)}`
      );
    },
    findingInLine(line) {
      const leak = [...all].find((key) => line.includes(key));
      return leak && `a line of the server shows the key ${hint(leak)}`;
    },
  };
}

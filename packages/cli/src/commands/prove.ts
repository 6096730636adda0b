import { prove as proveData } from '@drops/engine';
import { parse } from '@drops/syntax';
import type { Command } from '../command.js';
import { UsageError } from '../failures.js';
import { dataFlag, existingData } from '../settings.js';

/** Reads `R @k` as a get would. */
function placeOf(words: readonly string[]): { readonly route: string; readonly key: string } {
  const [parsed, second] = parse(`get ${words.join(' ')}`).statements;
  const statement = parsed?.ok && !second ? parsed.statement : undefined;
  const wrong = new UsageError('one drop expected, such as users @alice or \'files @"a/b"\'');
  if (statement?.kind !== 'Get') throw wrong;
  const { route, key, ...rest } = statement;
  if (Object.keys(rest).some((part) => part !== 'kind' && part !== 'span')) throw wrong;
  if (typeof key.key !== 'string' || route.subtree) throw wrong;
  return { route: route.path, key: key.key };
}

/** Proves that a drop is in the chain. */
export const prove: Command = {
  usage: 'prove ROUTE @KEY',
  about:
    'Prints a proof, as one line of JSON, that the newest version of a drop is in the chain: for whoever knows the root ' +
    'that drops verify prints. examples/verify-proof checks such proofs without this program.',
  flags: dataFlag,
  async run(args, io) {
    const { route, key } = placeOf(args.words);
    const proof = await proveData(await existingData(args, io), route, key);
    io.out(`${JSON.stringify(proof)}\n`);
    return 0;
  },
};

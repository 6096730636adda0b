import { DropsError } from '@drops/diagnostics';
import type { SqlDialectName } from '@drops/ir';
import { expect, it } from 'vitest';
import { fidelityText } from '../fidelity.js';
import { planOf } from '../plan-of.fixture.js';
import { conditions, statements } from '../proof/queries.fixture.js';
import { translate } from '../translate.js';

const writes = [
  `save users @alice name: "Alice" age: 30 vip: true nick: null address: { city: "Oslo" } tags: ("a", 1)`,
  'save users @alice {}',
  'save logs text: "no key"',
  'save pages @home "<h1>Hi</h1>"',
  'save pages @home "{\\"a\\": 1}"',
  'save users @alice name: "A" if absent',
  'save users @alice __proto__: 1 constructor: 2',
  'update users @alice age: 31 nick: null',
  'remove users @alice',
  'add 5 to users @alice credits',
  'subtract 0.5 from users @alice credits',
  'bulk (save a @x n: 1, remove b @y, add 1 to c @z n)',
  'find old/logs where level = "debug" then remove',
  'find old/logs sort created_at limit 10 then remove',
  'find users where vip = true as vips',
];

const targets: readonly SqlDialectName[] = ['sql', 'mysql', 'sqlite'];

/** A statement in each dialect, with its fidelity. */
function sideBySide(text: string): string {
  const plan = planOf(text);
  const lines = targets.map((target) => {
    try {
      const { output, fidelity } = translate(plan, target);
      return `${target.padEnd(6)} ${output.replaceAll('\n', '\n       ')}\n       -- ${fidelityText(fidelity)}`;
    } catch (error) {
      if (error instanceof DropsError) return `${target.padEnd(6)} refused: ${error.message}`;
      throw error;
    }
  });
  return [`# ${text}`, ...lines].join('\n');
}

it('every statement in every dialect', async () => {
  const texts = [...statements, ...conditions.map((c) => `find app/users where ${c}`), ...writes];
  await expect(`${texts.map(sideBySide).join('\n\n')}\n`).toMatchFileSnapshot('side-by-side.snapshot.txt');
});

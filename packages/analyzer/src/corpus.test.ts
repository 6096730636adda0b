import { readFileSync } from 'node:fs';
import { checkInvariants, planText, rewritePlan, walk, type IrNode, type Json, type Plan } from '@drops/ir';
import { parse } from '@drops/syntax';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { effects, emptyCatalog, loadSqlParser, lower } from './index.js';

await loadSqlParser();

const corpus = readFileSync(new URL('../../syntax/src/corpus.drops', import.meta.url), 'utf8');
const schema: unknown = JSON.parse(
  readFileSync(new URL('../../../grammar/ir.schema.json', import.meta.url), 'utf8'),
);
/** What the corpus does not show. */
const beyond = `
find users where (a = 1 or not b between 1 and 2) and lower(c) in (find d where e = $p then pick f)
find orders inner join users on user_id = key where name = "x" then pick *, name, gross: price * 1.25
find users history as of tx 42
find myapp/* limit $n after $c
save users @$id $payload keep $k if version = 3
update users @a b: $x if version = $v
remove users @a if version = 2
explain analyze find users where tags[0] = "x"
define users index email
undefine users
undefine users index email
share r with @k can ("query")
find orders group city sum amount as total having total > 3 sort total desc
find users where a = {b: $c} or a in ($d, 2)
users @a history limit 5
key require signature
`;

const plans: readonly (readonly [string, Plan])[] = parse(`${corpus}\n${beyond}`).statements.map((s, i) => {
  if (!s.ok) throw new Error(`statement ${i}: ${s.errors[0]?.message}`);
  const { plan } = lower(s.statement, emptyCatalog);
  return [`${i} ${planText(plan).split('\n')[0]}`, plan];
});

const irKinds = new Set<string>();

/** Every object in the JSON of a plan that is a node of the IR, found without knowing the tree. */
function countNodes(value: Json): number {
  if (Array.isArray(value)) return value.reduce((n: number, v: Json) => n + countNodes(v), 0);
  if (value === null || typeof value !== 'object') return 0;
  const object = value as { readonly [name: string]: Json };
  const { kind } = object;
  const own = typeof kind === 'string' && irKinds.has(kind) ? 1 : 0;
  if (kind === 'Lit') return 1;
  return Object.values(object).reduce<number>((n, v) => n + countNodes(v), own);
}

describe('every statement of the corpus', () => {
  const validate = new Ajv({ allowUnionTypes: true }).compile(schema as object);
  for (const [, plan] of plans) walk(plan, (n) => void irKinds.add(n.kind));

  it.each(plans)('%s', (_, plan) => {
    checkInvariants(plan);
    const json: Json = JSON.parse(JSON.stringify(plan));
    expect(validate(json), JSON.stringify(validate.errors)).toBe(true);
    expect(rewritePlan(plan, { plan: (p) => p, relation: (r) => r, expression: (e) => e })).toBe(plan);
    let visited = 0;
    walk(plan, (_node: IrNode) => void (visited += 1));
    expect(visited).toBe(countNodes(json));
    expect(effects(plan)).toBeDefined();
  });

  it('covers every kind of plan', () => {
    const kinds: Plan['kind'][] = [
      'Query', 'Put', 'Delete', 'Increment', 'Batch', 'ForEach', 'DefineView', 'DefineSchema', 'DefineIndex', 'Undefine',
      'Validate', 'Grant', 'Revoke', 'SetPolicy', 'Call', 'Trigger', 'Schedule', 'Drop', 'Inspect', 'Export', 'Translate',
      'Invoke', 'Explain',
    ]; // prettier-ignore
    for (const kind of kinds) expect(irKinds).toContain(kind);
  });
});

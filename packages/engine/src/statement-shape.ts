import { DropsError, invariant, type Span } from '@drops/diagnostics';
import { bindSome, equalPlans, type Json, type ParameterValues, type Plan } from '@drops/ir';
import type { Definitions } from '@drops/store';
import { parse, type ShapeLiteral } from '@drops/syntax';
import {
  bindStatement,
  compileStatement,
  parseScript,
  prepareStatement,
  type CompiledStatement,
  type PreparedStatement,
  type ReadyStatement,
} from './prepare.js';
import { createRecent, type Recent } from './recent.js';

/** The statements whose texts differ in their literals only. */
export interface StatementShape {
  /** The statement of a text of this shape, compiled when it is run. */
  prepare(text: string, literals: readonly ShapeLiteral[]): PreparedStatement;
}

/** A text of the shape, compiled with parameters in the place of its open literals. */
interface Template {
  readonly literals: readonly ShapeLiteral[];
  readonly open: ReadonlySet<number>;
  readonly statement: CompiledStatement;
}

/** What is known of a shape under one epoch of the definitions. */
interface Templates {
  readonly epoch: number;
  /** Literals that come through to the plan unchanged. The others are a part of what a template is found by. */
  readonly open: ReadonlySet<number>;
  /** By the closed literals; null when the text must be compiled as it is. */
  readonly byClosed: Recent<string, Template | null>;
}

const mostTemplates = 64;

/** Other statements show their own text, or are defined or checked by their literals. */
const kinds: ReadonlySet<Plan['kind']> = new Set(['Query', 'Put', 'Delete', 'Increment', 'Batch', 'ForEach']);

/** Names that no text can give a parameter. */
const nameOf = (literal: number): string => String(literal);

function valuesOf(
  literals: readonly ShapeLiteral[],
  open: ReadonlySet<number>,
  params: ParameterValues,
): ParameterValues {
  const values = new Map<string, Json>(params);
  for (const i of open) values.set(nameOf(i), literals[i]?.value ?? null);
  return values;
}

/** The text compiled with parameters for some of its literals; undefined when it does not compile so. */
function compileOpen(
  text: string,
  literals: readonly ShapeLiteral[],
  open: ReadonlySet<number>,
  definitions: Definitions,
): CompiledStatement | undefined {
  const parameters = new Map([...open].map((i) => [literals[i]?.start ?? -1, nameOf(i)] as const));
  const [parsed, ...others] = parse(text, { parameters }).statements;
  if (!parsed || others.length > 0) return undefined;
  try {
    return compileStatement(parsed, definitions);
  } catch (thrown) {
    if (thrown instanceof DropsError) return undefined;
    throw thrown;
  }
}

/** The literals whose parameters stand where any value of their kind may. */
function openIn(statement: CompiledStatement, candidates: Iterable<number>): ReadonlySet<number> {
  const isOpen = (i: number) => {
    const use = statement.uses.get(nameOf(i));
    return use === 'operand' || use === 'value';
  };
  return new Set([...candidates].filter(isOpen));
}

/** The template of a text whose meaning is known, if with its literals put in it means just that. */
function templateOf(
  text: string,
  literals: readonly ShapeLiteral[],
  open: ReadonlySet<number>,
  whole: CompiledStatement,
  definitions: Definitions,
): Template | undefined {
  const statement = compileOpen(text, literals, open, definitions);
  if (!statement || openIn(statement, open).size < open.size) return undefined;
  if (whole.warnings.length > 0 || statement.warnings.length > 0) return undefined;
  if (JSON.stringify(whole.effects) !== JSON.stringify(statement.effects)) return undefined;
  const bound = bindLiterals(statement.plan, valuesOf(literals, open, new Map()));
  return bound && equalPlans(bound, whole.plan) ? { literals, open, statement } : undefined;
}

/** The plan with its literals put in; parameters of the text itself stay. */
function bindLiterals(plan: Plan, values: ParameterValues): Plan | undefined {
  try {
    return bindSome(plan, values);
  } catch (thrown) {
    if (thrown instanceof DropsError) return undefined;
    throw thrown;
  }
}

/** Which literals of a text can be open: all that fit at once, else each that fits alone. */
function findOpen(
  text: string,
  literals: readonly ShapeLiteral[],
  whole: CompiledStatement,
  definitions: Definitions,
): ReadonlySet<number> {
  if (!kinds.has(whole.plan.kind)) return new Set();
  const all = new Set(literals.keys());
  const statement = compileOpen(text, literals, all, definitions);
  const together = statement && openIn(statement, all);
  const fits = (open: ReadonlySet<number>) =>
    templateOf(text, literals, open, whole, definitions) !== undefined;
  return together && fits(together) ? together : new Set([...all].filter((i) => fits(new Set([i]))));
}

/** Where a place in the text of a template lies in another text of the shape. */
function mapOffset(offset: number, from: readonly ShapeLiteral[], to: readonly ShapeLiteral[]): number {
  let shift = 0;
  for (const [i, literal] of from.entries()) {
    const other = to[i];
    if (!other || offset <= literal.start) break;
    if (offset < literal.end) return Math.min(other.start + offset - literal.start, other.end);
    shift = other.end - literal.end;
  }
  return offset + shift;
}

/** An error of the template as one of the text. */
function placeIn(from: readonly ShapeLiteral[], to: readonly ShapeLiteral[]): (thrown: unknown) => unknown {
  return (thrown) => {
    if (!(thrown instanceof DropsError) || !thrown.diagnostic.span) return thrown;
    const { start, end } = thrown.diagnostic.span;
    const span: Span = { start: mapOffset(start, from, to), end: mapOffset(end, from, to) };
    return new DropsError({ ...thrown.diagnostic, span }, { cause: thrown });
  };
}

/** A new shape, of which nothing is known yet. */
export function createStatementShape(): StatementShape {
  let templates: Templates | undefined;

  const find: FindTemplate = (text, literals, definitions) => {
    const known = templates?.epoch === definitions.epoch ? templates : undefined;
    if (known?.open.size === 0) return undefined;
    const found = known?.byClosed.get(closedOf(text, literals, known.open));
    if (found !== undefined) return found ?? undefined;
    // What is wrong with one text says nothing of the others.
    const whole = compileOpen(text, literals, new Set(), definitions);
    if (!whole) return undefined;
    const open = known?.open ?? findOpen(text, literals, whole, definitions);
    templates = known ?? { epoch: definitions.epoch, open, byClosed: createRecent(mostTemplates) };
    if (open.size === 0) return undefined;
    const made = templateOf(text, literals, open, whole, definitions);
    templates.byClosed.set(closedOf(text, literals, open), made ?? null);
    return made;
  };

  return {
    prepare: (text, literals) => new TextOfShape(text, literals, find),
  };
}

/** The literals that are no parameters, as they are written. */
function closedOf(text: string, literals: readonly ShapeLiteral[], open: ReadonlySet<number>): string {
  let closed = '';
  if (open.size === literals.length) return closed;
  for (const [i, { start, end }] of literals.entries()) {
    if (!open.has(i)) closed += `${text.slice(start, end)}\n`;
  }
  return closed;
}

type FindTemplate = (
  text: string,
  literals: readonly ShapeLiteral[],
  definitions: Definitions,
) => Template | undefined;

/** The statement of a text of a shape. A class: a text comes once or a few times, and closures would cost more than to bind it. */
class TextOfShape implements PreparedStatement {
  readonly readsSql = false;
  readonly #text: string;
  readonly #literals: readonly ShapeLiteral[];
  readonly #find: FindTemplate;
  /** Compiled as it is, once its template was not enough. */
  #own: PreparedStatement | undefined;

  constructor(text: string, literals: readonly ShapeLiteral[], find: FindTemplate) {
    this.#text = text;
    this.#literals = literals;
    this.#find = find;
  }

  ready(definitions: Definitions, params: ParameterValues): ReadyStatement {
    const ready = this.#own ? undefined : this.#templated(definitions, params);
    return ready ?? this.#alone().ready(definitions, params);
  }

  writes(definitions: Definitions): boolean {
    const template = this.#own ? undefined : this.#find(this.#text, this.#literals, definitions);
    return template
      ? template.statement.effects.some((effect) => effect.writes)
      : this.#alone().writes(definitions);
  }

  #templated(definitions: Definitions, params: ParameterValues): ReadyStatement | undefined {
    const literals = this.#literals;
    const template = this.#find(this.#text, literals, definitions);
    if (!template) return undefined;
    try {
      const values = valuesOf(literals, template.open, params);
      return bindStatement(template.statement, values, placeIn(template.literals, literals));
    } catch (thrown) {
      // The text itself says it with its own words and places.
      if (thrown instanceof DropsError) return undefined;
      throw thrown;
    }
  }

  #alone(): PreparedStatement {
    if (!this.#own) {
      const [parsed, ...others] = parseScript(this.#text);
      invariant(parsed && others.length === 0, 'a text of the shape of one statement is one statement');
      this.#own = prepareStatement(parsed);
    }
    return this.#own;
  }
}

import { effects, loadSqlParser, lower, readsSql, type Catalog } from '@drops/analyzer';
import { DropsError, errorOf, invariant, type Diagnostic } from '@drops/diagnostics';
import type { QueryTemplate } from '@drops/executor';
import {
  bindLate,
  bindParameters,
  parameterUses,
  type Effect,
  type ParameterUse,
  type ParameterValues,
  type Plan,
} from '@drops/ir';
import type { Definitions } from '@drops/store';
import { parse, print, type ParsedStatement } from '@drops/syntax';
import { catalogOf } from './catalog.js';

/** A statement as a plan: it depends on its text and the definitions only, never on who asks. */
export interface CompiledStatement {
  readonly plan: Plan;
  readonly effects: readonly Effect[];
  /** How it uses each of its parameters. */
  readonly uses: ReadonlyMap<string, ParameterUse>;
  readonly warnings: readonly Diagnostic[];
  /** The canonical text (of the inner statement of a translation), for where no endpoint says the same. */
  readonly source: () => string;
}

/** A compiled statement with the values of its parameters, ready to run. */
export interface ReadyStatement extends CompiledStatement {
  /** The query that its plan is of when it is run with other values, if it has parameters. */
  readonly template?: QueryTemplate | undefined;
  /** What is thrown while it runs, pointing into its own text. */
  readonly place: (thrown: unknown) => unknown;
}

/** A statement that compiles at most once under the same definitions. */
export interface PreparedStatement {
  /** It holds SQL: `loadParsers` is awaited before it is compiled. */
  readonly readsSql: boolean;
  /** Throws the first error of the statement; further ones are its details. */
  ready(definitions: Definitions, params: ParameterValues): ReadyStatement;
  /** True when it compiles and changes state. */
  writes(definitions: Definitions): boolean;
}

/** A plan with what must be known of it before it runs. */
export function compiled(
  plan: Plan,
  catalog: Catalog,
  warnings: readonly Diagnostic[],
  source: () => string,
): CompiledStatement {
  return {
    plan,
    effects: effects(plan, catalog),
    uses: parameterUses(plan),
    warnings,
    source,
  };
}

const inPlace = (thrown: unknown): unknown => thrown;

/** The statement with values for its parameters. UNKNOWN_PARAMETER, TYPE_ERROR, INVALID_KEY. */
export function bindStatement(
  statement: CompiledStatement,
  values: ParameterValues,
  place: ReadyStatement['place'] = inPlace,
): ReadyStatement {
  const { plan, effects, uses, warnings, source } = statement;
  if (uses.size === 0) return { plan, effects, uses, warnings, source, place };
  const bound = boundPlan(plan, uses, values);
  const template =
    plan.kind === 'Query' && bound.kind === 'Query' ? { query: plan, bound, uses, values } : undefined;
  return { plan: bound, template, effects, uses, warnings, source, place };
}

function boundPlan(plan: Plan, uses: CompiledStatement['uses'], values: ParameterValues): Plan {
  if (plan.kind !== 'Query') return bindParameters(plan, values);
  const slots = operands(uses);
  const late = slots.size === uses.size ? bindLate(plan, values, slots) : undefined;
  return late ?? bindParameters(plan, values, slots);
}

const operandSets = new WeakMap<ReadonlyMap<string, ParameterUse>, ReadonlySet<string>>();

/** The parameters that a physical plan can leave open. */
function operands(uses: ReadonlyMap<string, ParameterUse>): ReadonlySet<string> {
  let set = operandSets.get(uses);
  if (!set) {
    set = new Set([...uses].flatMap(([name, use]) => (use === 'operand' ? [name] : [])));
    operandSets.set(uses, set);
  }
  return set;
}

/** A parsed statement → its plan and what it reads and writes. Throws its first error; the others are its details. */
export function compileStatement(parsed: ParsedStatement, definitions: Definitions): CompiledStatement {
  if (!parsed.ok) {
    const [first, ...others] = parsed.errors;
    invariant(first, 'a failed parse has an error');
    const details = others.map(({ code, message, span }) => ({ code, message, span }));
    throw new DropsError(details.length === 0 ? first : { ...first, details });
  }
  const { statement } = parsed;
  const catalog = catalogOf(definitions);
  const { plan, warnings } = lower(statement, catalog);
  return compiled(plan, catalog, [...parsed.warnings, ...warnings], () =>
    print(statement.kind === 'Translate' ? statement.statement : statement),
  );
}

/** Loads what compiling some statements takes, which most do not need. */
export function loadParsers(statements: readonly PreparedStatement[]): Promise<void> | undefined {
  return statements.some((statement) => statement.readsSql) ? loadSqlParser() : undefined;
}

/** A parsed statement, compiled once an epoch. */
export function prepareStatement(parsed: ParsedStatement): PreparedStatement {
  let last: { readonly epoch: number; readonly result: CompiledStatement } | undefined;
  let bound: { readonly of: CompiledStatement; readonly ready: ReadyStatement } | undefined;
  const compile = (definitions: Definitions): CompiledStatement => {
    if (last?.epoch !== definitions.epoch) {
      last = { epoch: definitions.epoch, result: compileStatement(parsed, definitions) };
    }
    return last.result;
  };
  return {
    readsSql: parsed.ok && readsSql(parsed.statement),
    ready(definitions, params) {
      const statement = compile(definitions);
      if (statement.uses.size > 0) return bindStatement(statement, params);
      if (bound?.of !== statement) bound = { of: statement, ready: bindStatement(statement, params) };
      return bound.ready;
    },
    writes(definitions) {
      try {
        return compile(definitions).effects.some((effect) => effect.writes);
      } catch (thrown) {
        if (thrown instanceof DropsError) return false;
        throw thrown;
      }
    },
  };
}

/** The statements of a text, each parsed or failed alone. A text without any is one failed statement. */
export function parseScript(text: string): readonly ParsedStatement[] {
  const { statements } = parse(text);
  if (statements.length > 0) return statements;
  const span = { start: 0, end: text.length };
  const hint = 'a statement is, for example: find users limit 10';
  return [
    {
      ok: false,
      errors: [errorOf('SYNTAX_ERROR', 'there is no statement', { span, hint })],
      warnings: [],
      span,
    },
  ];
}

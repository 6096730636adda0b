import { effects, lower, type Catalog } from '@drops/analyzer';
import { DropsError, errorOf, invariant, type Diagnostic } from '@drops/diagnostics';
import type { Effect, Plan } from '@drops/ir';
import type { Definitions } from '@drops/store';
import { parse, print, type ParsedStatement } from '@drops/syntax';
import { catalogOf } from './catalog.js';
import { capabilitySource } from './not-available.js';

/** A statement as a plan: it depends on its text and the definitions only, never on who asks. */
export interface CompiledStatement {
  readonly plan: Plan;
  readonly effects: readonly Effect[];
  /** The capability that its rows come from, where the store alone has none. */
  readonly capability: string | undefined;
  readonly warnings: readonly Diagnostic[];
  /** The canonical text (of the inner statement of a translation), for where no endpoint says the same. */
  readonly source: () => string;
}

/** A parsed statement that compiles at most once under the same definitions. */
export interface PreparedStatement {
  /** Throws the first error of the statement; further ones are its details. */
  compile(definitions: Definitions): CompiledStatement;
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
  return { plan, effects: effects(plan, catalog), capability: capabilitySource(plan), warnings, source };
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

function prepareStatement(parsed: ParsedStatement): PreparedStatement {
  let last: { readonly epoch: number; readonly result: CompiledStatement } | undefined;
  const compile = (definitions: Definitions): CompiledStatement => {
    if (last?.epoch !== definitions.epoch) {
      last = { epoch: definitions.epoch, result: compileStatement(parsed, definitions) };
    }
    return last.result;
  };
  return {
    compile,
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

/** Long texts are mostly payload: they rarely come again and would fill the cache. */
const maxCachedLength = 4096;

/** Prepares scripts, remembering the `capacity` texts used last. */
export function createPreparer(capacity: number): (text: string) => readonly PreparedStatement[] {
  const known = new Map<string, readonly PreparedStatement[]>();
  return (text) => {
    const found = known.get(text);
    const prepared = found ?? parseScript(text).map(prepareStatement);
    if (text.length > maxCachedLength) return prepared;
    if (found) known.delete(text);
    else if (known.size >= capacity) {
      const oldest = known.keys().next();
      if (!oldest.done) known.delete(oldest.value);
    }
    known.set(text, prepared);
    return prepared;
  };
}

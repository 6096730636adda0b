import { loadSqlParser } from '@drops/analyzer';
import { DropsError, toDiagnostic, type Diagnostic } from '@drops/diagnostics';
import { bindParameters, type Json, type Plan } from '@drops/ir';
import { explainJson, explainPlan, planQuery, unknownStatistics } from '@drops/planner';
import { tokens, type ParsedStatement } from '@drops/syntax';
import type { Definitions } from '@drops/store';
import type { EmitStage } from './engine.js';
import { compileStatement, parseScript } from './prepare.js';
import { translatePlan } from './translate-plan.js';

export interface CompileOptions {
  /** Base of the URLs in curl and REST output. */
  readonly publicUrl?: string;
  /** Translations that are less than exact are UNSUPPORTED. */
  readonly strict?: boolean;
  /** Values for `$name`. Without any, parameters stay open and translations refuse them. */
  readonly params?: ReadonlyMap<string, Json>;
}

export type CompileResult =
  /** Text for SQL, curl and REST; JSON data for the stages. One statement: its output; several: an array of them. */
  | { readonly ok: true; readonly output: unknown; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** No store, so no name is a view or has a pattern. */
const noDefinitions: Definitions = { epoch: 0, patterns: new Map(), views: new Map() };

function emitPlan(plan: Plan): Json {
  if (plan.kind === 'Explain') return emitPlan(plan.plan);
  if (plan.kind !== 'Query') return { op: plan.kind, children: [] };
  return explainJson(explainPlan(planQuery(plan.relation), unknownStatistics));
}

interface Emitted {
  readonly output: unknown;
  readonly warnings: readonly Diagnostic[];
}

function emit(parsed: ParsedStatement, stage: EmitStage, options: CompileOptions): Emitted {
  const compiled = compileStatement(parsed, noDefinitions);
  const plan = options.params ? bindParameters(compiled.plan, options.params) : compiled.plan;
  const { warnings } = compiled;
  switch (stage) {
    case 'tokens':
    case 'ast':
      return { output: parsed.ok ? parsed.statement : null, warnings };
    case 'ir':
      return { output: plan, warnings };
    case 'plan':
      return { output: emitPlan(plan), warnings };
    default:
      return { output: translatePlan(plan, stage, compiled.source, options).output, warnings };
  }
}

/** Loads the parsers that a text needs: to be awaited before `compile` and `check`, unless it holds no `sql "…"`. */
export async function loadLanguages(text: string): Promise<void> {
  if (/\bsql\s*["']/.test(text)) await loadSqlParser();
}

/** What one statement gives: its output, or everything that is wrong with it. */
function attempt<T>(parsed: ParsedStatement, run: () => T): T | readonly Diagnostic[] {
  if (!parsed.ok) return parsed.errors;
  try {
    return run();
  } catch (thrown) {
    if (thrown instanceof DropsError) return [toDiagnostic(thrown)];
    throw thrown;
  }
}

function isDiagnostics<T extends object>(value: T | readonly Diagnostic[]): value is readonly Diagnostic[] {
  return Array.isArray(value);
}

/** Compiles a script to one stage without a store. Parameters stay open. Spans point into `text`. */
export function compile(text: string, stage: EmitStage, options: CompileOptions = {}): CompileResult {
  const emitted: Emitted[] = [];
  const errors: Diagnostic[] = [];
  for (const parsed of parseScript(text)) {
    const outcome = attempt(parsed, () => emit(parsed, stage, options));
    if (isDiagnostics(outcome)) errors.push(...outcome);
    else emitted.push(outcome);
  }
  if (errors.length > 0) return { ok: false, diagnostics: errors };
  const warnings = emitted.flatMap((e) => e.warnings);
  if (stage === 'tokens') return { ok: true, output: tokens(text), warnings };
  const outputs = emitted.map((e) => e.output);
  return { ok: true, output: outputs.length === 1 ? outputs[0] : outputs, warnings };
}

/** Every error and warning of a script, in order of place. */
export function check(text: string): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const parsed of parseScript(text)) {
    const outcome = attempt(parsed, () => compileStatement(parsed, noDefinitions));
    found.push(...(isDiagnostics(outcome) ? [...parsed.warnings, ...outcome] : outcome.warnings));
  }
  return found.sort((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0));
}

import { DropsError, type Diagnostic } from '@drops/diagnostics';
import { planText, type CapabilitySignature, type Pattern, type Plan, type Relation } from '@drops/ir';
import { parse } from '@drops/syntax';
import { lower, type Catalog, type Lowered } from './index.js';

/** A declaration with every kind of check. */
export const mailSend: CapabilitySignature = {
  service: 'mail',
  verb: 'send',
  summary: 'Sends',
  by: 'key',
  target: 'none',
  key: 'none',
  parameters: [
    { name: 'from', type: 'text', required: false, summary: 'who' },
    { name: 'to', type: 'texts', required: true, summary: 'one address or several' },
    { name: 'subject', type: 'text', required: false, summary: 'what' },
    { name: 'body', type: 'text', required: false, summary: 'the text' },
  ],
  extra: false,
  effects: [{ action: 'write', route: 'mail/sent' }],
  rest: { method: 'POST', path: '/mail/send', parameters: 'body' },
};

export interface Names {
  readonly views?: Readonly<Record<string, string>>;
  readonly patterns?: readonly Pattern[];
  readonly routes?: readonly string[];
}

/** A catalog whose views are given as text. */
export function catalogOf(names: Names = {}): Catalog {
  const catalog: Catalog = {
    view: (name) => {
      const text = names.views && Object.hasOwn(names.views, name) ? names.views[name] : undefined;
      return text === undefined ? undefined : viewRelation(text, catalog);
    },
    pattern: (name) => names.patterns?.find((p) => p.name === name),
    capability: (service, verb) => (service === 'mail' && verb === 'send' ? mailSend : undefined),
    knownRoute: (name) => names.routes?.includes(name) ?? false,
  };
  return catalog;
}

function viewRelation(text: string, catalog: Catalog): Relation {
  const { plan } = lowerText(text, catalog);
  if (plan.kind !== 'DefineView') throw new Error(`no view: ${text}`);
  return plan.relation;
}

/** One statement of text, lowered. Throws its first error. */
export function lowerText(text: string, catalog: Catalog = catalogOf()): Lowered {
  const [statement, ...rest] = parse(text).statements;
  if (!statement || rest.length > 0) throw new Error(`not one statement: ${text}`);
  if (!statement.ok) {
    const [error] = statement.errors;
    throw error ? new DropsError(error) : new Error('no error');
  }
  return lower(statement.statement, catalog);
}

export function planOf(text: string, names: Names = {}): Plan {
  return lowerText(text, catalogOf(names)).plan;
}

export function textOf(text: string, names: Names = {}): string {
  return planText(planOf(text, names));
}

/** The error of a statement: its code, what its span covers, and the diagnostic. */
export function errorOf(
  text: string,
  names: Names = {},
): { code: string; at: string | undefined; error: Diagnostic } {
  try {
    lowerText(text, catalogOf(names));
  } catch (thrown) {
    if (!(thrown instanceof DropsError)) throw thrown;
    const error = thrown.diagnostic;
    return { code: error.code, at: error.span && text.slice(error.span.start, error.span.end), error };
  }
  throw new Error(`no error in: ${text}`);
}

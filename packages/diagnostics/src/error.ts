import { codes, type Code } from './codes.js';
import { locate, type LocatedSpan, type Span } from './span.js';

export type Severity = 'error' | 'warning';

/** One finding about a text or a request. The status follows from the code unless it is given. */
export interface Diagnostic {
  readonly code: Code;
  readonly message: string;
  readonly severity: Severity;
  readonly status: number;
  readonly span?: Span;
  /** One likely repair. */
  readonly hint?: string;
  readonly details?: readonly unknown[];
}

export interface DiagnosticOptions {
  readonly span?: Span | undefined;
  readonly hint?: string | undefined;
  readonly details?: readonly unknown[] | undefined;
  readonly status?: number | undefined;
}

function build(severity: Severity, code: Code, message: string, options: DiagnosticOptions): Diagnostic {
  return {
    code,
    message,
    severity,
    status: options.status ?? codes[code].status,
    ...(options.span && { span: options.span }),
    ...(options.hint !== undefined && { hint: options.hint }),
    ...(options.details && { details: options.details }),
  };
}

/** A diagnostic that stops the statement. */
export function errorOf(code: Code, message: string, options: DiagnosticOptions = {}): Diagnostic {
  return build('error', code, message, options);
}

/** A diagnostic that stops nothing. */
export function warningOf(code: Code, message: string, options: DiagnosticOptions = {}): Diagnostic {
  return build('warning', code, message, options);
}

/** The one throwable: it carries a diagnostic as a value. */
export class DropsError extends Error {
  readonly diagnostic: Diagnostic;
  constructor(diagnostic: Diagnostic, options?: { cause?: unknown }) {
    super(diagnostic.message, options);
    this.name = 'DropsError';
    this.diagnostic = diagnostic;
  }
}

/** Throws a DropsError. The user's mistake, never ours: see `invariant` for that. */
export function fail(code: Code, message: string, options: DiagnosticOptions = {}): never {
  throw new DropsError(errorOf(code, message, options));
}

/** Throws when the program itself is wrong. It becomes INTERNAL_ERROR and never shows its text to a caller. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`invariant: ${message}`);
}

/** Ends a switch over a union: a forgotten kind is a compile error. */
export function assertNever(value: never): never {
  throw new Error(`invariant: unexpected ${JSON.stringify(value)}`);
}

/** Any thrown thing as a diagnostic; what is not ours becomes INTERNAL_ERROR without its text. */
export function toDiagnostic(thrown: unknown): Diagnostic {
  if (thrown instanceof DropsError) return thrown.diagnostic;
  return errorOf('INTERNAL_ERROR', 'The server failed on this request; the fault was logged.');
}

/** An error as it goes over the wire (contract: Errors). */
export interface ErrorBody {
  readonly code: Code;
  readonly message: string;
  readonly status: number;
  readonly hint?: string;
  readonly span?: LocatedSpan;
  readonly details?: readonly unknown[];
}

/** The wire form of a diagnostic; `text` is what its span points into. */
export function toErrorBody(diagnostic: Diagnostic, text?: string): ErrorBody {
  const { code, message, status, hint, span, details } = diagnostic;
  return {
    code,
    message,
    status,
    ...(hint !== undefined && { hint }),
    ...(span && text !== undefined && { span: locate(text, span) }),
    ...(details && { details }),
  };
}

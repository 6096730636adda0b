import { DropsError, errorOf, type Span } from '@drops/diagnostics';

/** Why something may not be done. */
export interface Denial {
  readonly allowed: false;
  readonly code: 'KEY_REQUIRED' | 'FORBIDDEN' | 'NO_TRUST';
  /** 401 where a key could help a caller who has none. */
  readonly status: 401 | 403;
  /** The rule that refused it, as `explain access` and the error say it. Names no key. */
  readonly rule: string;
}

export interface Permit {
  readonly allowed: true;
  /** The rule that allowed it. */
  readonly rule: string;
}

export type Verdict = Permit | Denial;

export const permit = (rule: string): Permit => ({ allowed: true, rule });

/** The caller has a key, and it is not enough. */
export const forbidden = (rule: string): Denial => ({ allowed: false, code: 'FORBIDDEN', status: 403, rule });

/** The caller has no key, and one might be enough. */
export const keyRequired = (rule: string): Denial => ({
  allowed: false,
  code: 'KEY_REQUIRED',
  status: 401,
  rule,
});

/** A denial as the error that the caller gets. */
export function denialError({ code, status, rule }: Denial, span?: Span): DropsError {
  return new DropsError(errorOf(code, rule, { status, ...(span && { span }) }));
}

import { fail, type Span } from '@drops/diagnostics';

/** Refuses what a target cannot express: names the target, what was found, and why. Code UNSUPPORTED. */
export function unsupported(target: string, what: string, why: string, span: Span, hint?: string): never {
  fail('UNSUPPORTED', `${target} cannot express ${what}: ${why}`, { span, hint });
}

import { DropsError, type Span } from '@drops/diagnostics';

/** The index that the store put into the details of the error of one among several operations. */
export function indexIn(details: readonly unknown[] | undefined): number | undefined {
  for (const detail of details ?? []) {
    if (
      typeof detail === 'object' &&
      detail !== null &&
      'index' in detail &&
      typeof detail.index === 'number'
    ) {
      return detail.index;
    }
  }
  return undefined;
}

/**
 * The error of a commit at the place of the operation that failed. In a bulk `details` name its index,
 * also where the bulk has only one.
 */
export function placedError(thrown: unknown, spans: readonly Span[], bulk: boolean): unknown {
  if (!(thrown instanceof DropsError)) return thrown;
  const { diagnostic } = thrown;
  const found = indexIn(diagnostic.details);
  const span = diagnostic.span ?? spans[found ?? 0];
  const details =
    bulk && found === undefined ? [{ index: 0 }, ...(diagnostic.details ?? [])] : diagnostic.details;
  return new DropsError(
    { ...diagnostic, ...(span && { span }), ...(details && { details }) },
    { cause: thrown },
  );
}

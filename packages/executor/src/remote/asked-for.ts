import { drain, lateSource, type Source } from '../operators/source.js';
import type { Row } from '../row.js';
import type { Run } from '../run.js';
import { noneIfUnsupported } from './unless-unsupported.js';

/** Rows that are asked for at the first pull; those of `instead` where they cannot be had. */
export function askedFor(
  ask: () => Promise<readonly Row[] | undefined>,
  instead: () => Source,
  { pacer }: Run,
): Source {
  let other: Source | undefined;
  const closing: Source = { next: () => null, close: () => other?.close() };
  return lateSource(closing, async () => {
    const found = await ask().catch(noneIfUnsupported);
    if (found) return found;
    const rows: Row[] = [];
    other = instead();
    await drain(other, pacer, (batch) => {
      for (const row of batch) rows.push(row);
    });
    return rows;
  });
}

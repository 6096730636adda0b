import { invariant } from '@drops/diagnostics';
import type { AsOfPoint } from '@drops/ir';
import type { Snapshot } from '@drops/store';

/** The state at a point in the past; a point in the future means now. Bound points only: their form was checked. */
export function snapshotAt(snapshot: Snapshot, point: AsOfPoint): Snapshot {
  if (point.kind === 'Tx') {
    invariant(typeof point.tx === 'number', 'a parameter in a bound plan');
    return point.tx >= snapshot.tx ? snapshot : snapshot.asOf(point.tx);
  }
  invariant(typeof point.at === 'string', 'a parameter in a bound plan');
  const time = Date.parse(point.at);
  return time >= snapshot.now ? snapshot : snapshot.asOfTime(time);
}

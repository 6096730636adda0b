import type { IndexScanPath } from '@drops/ir';
import type { RegisteredIndex } from './index-registry.js';
import type { View } from '../rows/read-drop.js';

/** The index of a scan, when the view has it, whole. */
export function readyIndex(view: View, path: IndexScanPath): RegisteredIndex | undefined {
  if (view.past) return undefined;
  const kept = view.indexes.kept(view.reader).get(path.route);
  return kept?.find(({ id, state }) => id === path.index && state === 'ready');
}

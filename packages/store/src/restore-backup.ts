import { restoreInto } from './backup/restore-backup.js';
import { openTarget } from './open-truth.js';

/**
 * Makes a store out of a backup, in a folder or in PostgreSQL. INVALID_BODY for a truncated, changed or foreign file;
 * CONFLICT when something is there.
 */
export function restoreBackup(backup: string, data: string): Promise<{ readonly drops: number }> {
  return restoreInto(backup, () => openTarget(data));
}

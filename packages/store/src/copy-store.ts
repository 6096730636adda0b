import { fail } from '@drops/diagnostics';
import { openSource, openTarget } from './open-truth.js';
import { partNames } from './truth.js';

export interface CopiedStore {
  /** The last tx, and the link of the chain up to it in hex: the same in both. */
  readonly head: number;
  readonly link: string;
}

/**
 * Copies a store as it is now from one place to another, a folder or a database each, byte for byte; what is derived is made
 * anew, and the chain of the copy verified. CONFLICT when something is at the target; nothing stays of what fails.
 */
export async function copyStore(from: string, to: string): Promise<CopiedStore> {
  const source = await openSource(from);
  try {
    const target = await openTarget(to);
    try {
      const head = await source.head();
      for (const part of partNames)
        for await (const rows of source.rows(part, head)) if (rows.length > 0) await target.write(part, rows);
      const problem = await target.finish(head);
      if (problem !== undefined) fail('CONFLICT', `The copy does not verify: ${problem}.`);
      return { head: head.tx, link: head.link.toString('hex') };
    } catch (error) {
      await target.abandon();
      throw error;
    }
  } finally {
    await source.close();
  }
}

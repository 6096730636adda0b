import { readSync, writeSync } from 'node:fs';

/*
 * LMDB (format 1 and 2) begins with two meta pages; transaction N writes the one at place N mod 2. Whichever names the
 * later transaction is the state of the store: the roots of its trees and the last page.
 */

/** What a meta page says, as bytes, and the transaction that it names. */
export interface MetaPage {
  readonly bytes: Buffer;
  readonly transaction: number;
}

const magic = Buffer.from([0xde, 0xc0, 0xef, 0xbe]);
/** Bytes of the page's own head, which differ between the formats. */
const pageHeads = [24, 16] as const;
// Within the meta: magic version address | mapsize dbs[2] last_pg txnid boot_id
const at = { body: 16, pageSize: 24, transaction: 128, end: 144 } as const;

interface Layout {
  readonly pageHead: number;
  readonly pageSize: number;
}

function layoutOf(fd: number): Layout | undefined {
  const bytes = Buffer.alloc(pageHeads[0] + at.end);
  if (readSync(fd, bytes, 0, bytes.length, 0) < bytes.length) return undefined;
  const pageHead = pageHeads.find((head) => bytes.subarray(head, head + magic.length).equals(magic));
  return pageHead === undefined
    ? undefined
    : { pageHead, pageSize: bytes.readUInt32LE(pageHead + at.pageSize) };
}

const placeOf = ({ pageHead, pageSize }: Layout, page: number): number =>
  page * pageSize + pageHead + at.body;

/** The state that the meta pages of a file name; undefined when it has none. Ask while nobody commits. */
export function readMetaPage(fd: number): MetaPage | undefined {
  const layout = layoutOf(fd);
  if (!layout) return undefined;
  const found = [0, 1].map((page): MetaPage => {
    const bytes = Buffer.alloc(at.end - at.body);
    readSync(fd, bytes, 0, bytes.length, placeOf(layout, page));
    return { bytes, transaction: Number(bytes.readBigUInt64LE(at.transaction - at.body)) };
  });
  return found.reduce((a, b) => (b.transaction > a.transaction ? b : a));
}

/** Makes a state the only one that a file names; it is on disk once the file is synced. */
export function restoreMetaPage(fd: number, { bytes, transaction }: MetaPage): void {
  const layout = layoutOf(fd);
  if (!layout) return;
  for (const named of [transaction, Math.max(0, transaction - 1)]) {
    const copy = Buffer.from(bytes);
    copy.writeBigUInt64LE(BigInt(named), at.transaction - at.body);
    writeSync(fd, copy, 0, copy.length, placeOf(layout, named % 2));
  }
}

import { readFileSync } from 'node:fs';
const headLength = 18;
function recordOf(kind, flags, id, number, bytes) {
    const file = flags >> 1;
    switch (kind) {
        case 'O':
            return { kind: 'open', file };
        case 'W':
            return { kind: 'write', file, id, offset: number, bytes, synced: (flags & 1) === 1 };
        case 'F':
            return { kind: 'sync', id, of: 'file', file };
        case 'D':
            return { kind: 'sync', id, of: 'folder' };
        case 'E':
            return { kind: 'end', id, result: number };
        case 'N':
            return { kind: 'note', text: bytes.toString() };
        case 'X':
            return { kind: 'unknown', name: bytes.toString() };
        default:
            throw new Error(`a journal does not hold records of kind ${kind}`);
    }
}
/** The journal of the interposer: numbers in the byte order of little-endian machines. */
export function readJournal(file) {
    const bytes = readFileSync(file);
    const records = [];
    let at = 0;
    // The last record may be cut short when the process was killed.
    while (at + headLength <= bytes.length) {
        const end = at + headLength + bytes.readUInt32LE(at + 14);
        if (end > bytes.length)
            break;
        const number = Number(bytes.readBigInt64LE(at + 6));
        const payload = bytes.subarray(at + headLength, end);
        records.push(recordOf(String.fromCharCode(bytes[at] ?? 0), bytes[at + 1] ?? 0, bytes.readUInt32LE(at + 2), number, payload));
        at = end;
    }
    return records;
}
//# sourceMappingURL=journal.js.map
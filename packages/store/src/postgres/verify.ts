import { createChainCheck } from '../log/check-chain.js';
import { keyAt, readPlace } from '../log/log-record.js';
import type { VerifyReport } from '../store.js';
import type { TruthHead } from '../truth.js';
import type { Connection } from './connection.js';
import { shownText } from './stored-text.js';

const pageRows = 1000;

const recordsText = `
  select l.tx, l.header, p.content, c.link from log l
  left join payloads p on p.tx = l.tx left join chain c on c.tx = l.tx
  where l.tx > $1 and l.tx <= $2 order by l.tx limit ${pageRows}`;

const strayText = `
  select 'tx ' || min(p.tx) || ' has a payload but is not in the log' from payloads p where p.tx > $1 having count(*) > 0`;

const bufferOf = (value: unknown): Buffer | undefined => (Buffer.isBuffer(value) ? value : undefined);

/** Recomputes every commitment and link up to a head, and names the first that does not hold. */
export async function verifyTables(connection: Connection, head: TruthHead): Promise<VerifyReport> {
  const check = createChainCheck();
  const routes = await connection.read({ text: 'select id, path from routes' });
  const paths = new Map(routes.map(([id, path]) => [Number(id), shownText(String(path))]));
  let linked = 0;

  const checkAll = async (): Promise<string | undefined> => {
    while (check.tx < head.tx) {
      const rows = await connection.read({ text: recordsText, values: [check.tx, head.tx] });
      if (rows.length === 0) return `tx ${check.tx + 1} is missing from the log`;
      for (const [number, header, content, link] of rows) {
        const tx = Number(number);
        const bytes = bufferOf(header) ?? Buffer.alloc(0);
        const route = bytes.length >= keyAt ? paths.get(readPlace(bytes).routeId) : undefined;
        const found = bufferOf(link);
        const problem =
          check.record({ tx, header: bytes, payload: bufferOf(content), route }) ??
          (found && check.link(tx, found));
        if (problem !== undefined) return problem;
        if (found) linked = tx;
      }
    }
    if (linked !== check.tx) return `tx ${linked + 1} has no link`;
    const [stray] = await connection.read({ text: strayText, values: [head.tx] });
    const [newest] = await connection.read({ text: 'select tx from head' });
    // What others write meanwhile comes after the head.
    if (stray && Number(newest?.[0]) === head.tx) return String(stray[0]);
    return check.head(head);
  };
  const problem = await checkAll();
  return check.report(head, problem);
}

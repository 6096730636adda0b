import { isArray, isObject, type Json } from '@drops/ir';
import type { Head } from './catalogue.js';
import { kindCodeOf, type Changes } from './changes.js';
import type { Session } from './connection.js';
import type { WrittenRecord } from './records.js';
import { isOpaqueText, storedText } from './stored-text.js';

/** One part of a writing statement: rows as one list of values a column. */
interface Part {
  /** With `$` in the place of each list, in their order. */
  readonly text: string;
  readonly lists: readonly (readonly unknown[])[];
}

/** What jsonb has no place for: U+0000. In the text of a payload it stands escaped. */
const mayHoldNul = /\\u0000/;

/** Whether jsonb can hold a payload with such a text. */
function holdsNul(value: Json): boolean {
  if (typeof value === 'string') return value.includes('\0');
  if (isArray(value)) return value.some(holdsNul);
  if (!isObject(value)) return false;
  return Object.entries(value).some(
    ([name, item]) => name.includes('\0') || (item !== undefined && holdsNul(item)),
  );
}

/** A record whose row SQL would read otherwise than we do. */
export function isOpaque({ draft }: WrittenRecord): boolean {
  if (draft.key !== null && isOpaqueText(draft.key)) return true;
  return draft.body !== undefined && mayHoldNul.test(draft.body.text) && holdsNul(draft.payload);
}

/** The records and their link, as a store in a folder has them byte for byte. */
export function truthParts(records: readonly WrittenRecord[], link: Buffer): readonly Part[] {
  const withContent = records.filter(({ content }) => content);
  const last = records.at(-1)?.draft.tx ?? 0;
  return [
    {
      text: 'insert into log select * from unnest($::bigint[], $::bytea[])',
      lists: [records.map(({ draft }) => draft.tx), records.map(({ header }) => header)],
    },
    {
      text: 'insert into payloads select * from unnest($::bigint[], $::bytea[])',
      lists: [withContent.map(({ draft }) => draft.tx), withContent.map(({ content }) => content)],
    },
    { text: 'insert into chain select * from unnest($::bigint[], $::bytea[])', lists: [[last], [link]] },
  ];
}

/** Columns that current and history share. */
function versionLists(rows: readonly { readonly record: WrittenRecord }[]): readonly (readonly unknown[])[] {
  const of = (column: (record: WrittenRecord) => unknown): readonly unknown[] =>
    rows.map(({ record }) => column(record));
  return [
    of(({ routeId }) => routeId),
    of(({ draft }) => (draft.key === null ? null : storedText(draft.key))),
    of(({ draft }) => draft.tx),
    of(({ draft }) => draft.version),
    of(({ time }) => time),
    of(({ draft }) => draft.expiresAt),
    of(({ writer }) => writer),
    of(({ draft }) => draft.price ?? null),
    of(({ commitment }) => commitment),
  ];
}

const versionTypes =
  '$::int[], $::text[], $::bigint[], $::int[], $::bigint[], $::bigint[], $::text[], $::double precision[], $::bytea[]';
const versionColumns = 'route, key, tx, version, time, expires, writer, price, commitment';

/** The derived rows; `head` is the tx after them, by which others see which routes have changed. */
export function derivedParts(changes: Changes, head: number): readonly Part[] {
  const { versions, ended, live, gone, marked, counters, counterHistory, routes } = changes;
  const set = counters.filter(({ value }) => value !== null);
  const cleared = counters.filter(({ value }) => value === null);
  const counterLists = (list: typeof counters) => [
    list.map(({ routeId }) => routeId),
    list.map(({ key }) => storedText(key)),
    list.map(({ path }) => path),
    list.map(({ tx }) => tx),
    list.map(({ value }) => value),
  ];
  return [
    {
      text: `insert into routes (id, path, first_tx, entities, events, counted, opaque, changed)
        select *, ${head} from unnest($::int[], $::text[], $::bigint[], $::bigint[], $::bigint[], $::boolean[], $::boolean[])
        on conflict (id) do update set entities = routes.entities + excluded.entities, events = routes.events + excluded.events,
          counted = routes.counted or excluded.counted, opaque = routes.opaque or excluded.opaque, changed = excluded.changed`,
      lists: [
        routes.map(({ id }) => id),
        routes.map(({ path }) => storedText(path)),
        routes.map(({ firstTx }) => firstTx),
        routes.map(({ entities }) => entities),
        routes.map(({ events }) => events),
        routes.map(({ counted }) => counted),
        routes.map(({ opaque }) => opaque),
      ],
    },
    {
      text: `update history h set ended = x.ended from unnest($::int[], $::bigint[], $::bigint[]) x(route, tx, ended)
        where h.route = x.route and h.tx = x.tx`,
      lists: [ended.map(({ routeId }) => routeId), ended.map(({ tx }) => tx), ended.map(({ by }) => by)],
    },
    {
      text: `insert into history (${versionColumns}, kind, ended) select * from unnest(${versionTypes}, $::smallint[], $::bigint[])`,
      lists: [...versionLists(versions), versions.map(kindCodeOf), versions.map((version) => version.ended)],
    },
    {
      text: `delete from current c using unnest($::int[], $::bigint[]) x(route, tx) where c.route = x.route and c.tx = x.tx`,
      lists: [gone.map(({ routeId }) => routeId), gone.map(({ tx }) => tx)],
    },
    {
      text: `insert into current (${versionColumns}, marked, body, doc)
        select ${versionColumns}, marked, body, case when plain then body::jsonb end
        from unnest(${versionTypes}, $::boolean[], $::text[], $::boolean[]) x(${versionColumns}, marked, body, plain)
        on conflict (route, key) where key is not null do update set tx = excluded.tx, version = excluded.version,
          time = excluded.time, expires = excluded.expires, writer = excluded.writer, price = excluded.price,
          commitment = excluded.commitment, marked = excluded.marked, body = excluded.body, doc = excluded.doc`,
      lists: [
        ...versionLists(live),
        live.map((row) => row.marked),
        live.map(({ record }) => record.draft.body?.text ?? 'null'),
        live.map(({ record }) => !isOpaque(record)),
      ],
    },
    {
      text: `update current c set marked = true from unnest($::int[], $::bigint[]) x(route, tx) where c.route = x.route and c.tx = x.tx`,
      lists: [marked.map(({ routeId }) => routeId), marked.map(({ tx }) => tx)],
    },
    {
      text: `insert into counters (route, key, path, tx, value)
        select * from unnest($::int[], $::text[], $::text[], $::bigint[], $::double precision[])
        on conflict (route, key, path) do update set tx = excluded.tx, value = excluded.value`,
      lists: counterLists(set),
    },
    {
      text: `delete from counters c using unnest($::int[], $::text[], $::text[]) x(route, key, path)
        where c.route = x.route and c.key = x.key and c.path = x.path`,
      lists: counterLists(cleared).slice(0, 3),
    },
    {
      text: `insert into counter_history (route, key, path, tx, value)
        select * from unnest($::int[], $::text[], $::text[], $::bigint[], $::double precision[])
        on conflict (route, key, path, tx) do update set value = excluded.value`,
      lists: counterLists(counterHistory),
    },
  ];
}

/** The next head, and the word for who listens. */
export function headPart(head: Head, link: Buffer, channel: string): Part {
  return {
    text: `update head set tx = x.tx, time = x.time, epoch = x.epoch, link = x.link
      from unnest($::bigint[], $::bigint[], $::bigint[], $::bytea[]) x(tx, time, epoch, link), pg_notify('${channel}', '${head.tx}')`,
    lists: [[head.tx], [head.time], [head.epoch], [link]],
  };
}

/** Runs parts as one statement, those without rows left out. */
export async function writeParts(session: Session, parts: readonly Part[]): Promise<void> {
  const values: unknown[] = [];
  const texts = parts.flatMap(({ text, lists }) => {
    if (lists[0]?.length === 0) return [];
    let at = 0;
    return [
      text.replaceAll('$', () => {
        values.push(lists[at]);
        at += 1;
        return `$${values.length}`;
      }),
    ];
  });
  const last = texts.pop();
  if (last === undefined) return;
  const before = texts.map((text, i) => `p${i} as (${text})`);
  await session.query({ text: `${before.length > 0 ? `with ${before.join(', ')} ` : ''}${last}`, values });
}

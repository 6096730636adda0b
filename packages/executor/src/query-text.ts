import { accessKey, type Query, type StoredDrop } from '@drops/ir';
import { bindPath, storedPage, type PhysicalPlan, type StoredPage } from '@drops/planner';
import { unlimited } from './budget.js';
import type { ExecutionContext } from './context.js';
import { encodeCursor } from './cursor.js';
import { pointGetOf } from './get.js';
import { pageOrder } from './order.js';
import type { PlannedPage, PlannedQuery } from './plan-paged.js';
import { dropRow } from './row.js';

/**
 * A reply that is JSON text already, put together from payloads as they are stored: nobody parses them to write them again. It is
 * the text of the reply that `runQuery` gives.
 */
export class JsonText {
  constructor(readonly text: string) {}
}

/** The reply of a get; undefined for what is not there, whose error `runGet` tells, and for gets of another form. */
export function getText(query: Query, { snapshot }: ExecutionContext): JsonText | undefined {
  const point = pointGetOf(query);
  if (!point || point.asOf) return undefined;
  const text = snapshot.getText?.(point.route, point.key);
  return text === undefined ? undefined : new JsonText(text);
}

const pages = new WeakMap<PhysicalPlan, StoredPage | null>();

/** The page that a plan is, if it shows drops as they are stored. */
function pageOf(plan: PhysicalPlan): StoredPage | null {
  let found = pages.get(plan);
  if (found === undefined) {
    found = storedPage(plan) ?? null;
    pages.set(plan, found);
  }
  return found;
}

/** The reply of a page of drops that come out of an index as they are stored; undefined where it has to be made of values. */
export function pageText(planned: PlannedQuery, context: ExecutionContext): JsonText | undefined {
  const { snapshot, visible, budget = unlimited } = context;
  if (!snapshot.texts) return undefined;
  const { plan, values } = planned.open;
  const page = pageOf(plan);
  if (!page || !planned.page) return undefined;
  const path = values ? bindPath(page.path, values) : page.path;
  if (visible && !visible(path.route)) return undefined;
  // One more tells whether there is a next page; access lists are no rows.
  const found = snapshot.texts(path, page.limit + 2);
  if (!found) return undefined;
  budget.read(found.length);
  const held = budget.holder('the result');
  const texts: string[] = [];
  let more = false;
  for (const { key, text } of found) {
    if (key === accessKey) continue;
    more = texts.length === page.limit;
    if (more) break;
    held.add(text.length);
    texts.push(text);
  }
  const next = more ? moreText(planned.page, planned, texts.at(-1), context) : '';
  return new JsonText(`{"results":[${texts.join(',')}],"count":${texts.length}${next}}`);
}

function moreText(
  page: PlannedPage,
  { open: { values } }: PlannedQuery,
  last: string | undefined,
  { snapshot }: ExecutionContext,
): string {
  const { positionOf } = pageOrder(page.order, { now: snapshot.now, answers: new Map(), values });
  let position = page.start;
  if (last !== undefined) {
    const drop: StoredDrop = JSON.parse(last);
    position = positionOf(dropRow(drop));
  }
  return `,"has_more":true,"cursor":${JSON.stringify(encodeCursor(page.hash(), position))}`;
}

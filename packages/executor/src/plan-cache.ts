import type { Query } from '@drops/ir';
import type { PlanStatistics } from '@drops/planner';
import { recordStatistics, type RecordedStatistics } from './recorded-statistics.js';
import type { StoreStatistics } from './statistics.js';
import { changedSlots, signatureOf, type QueryTemplate } from './query-template.js';

interface Entry<Planned> {
  readonly planned: Planned;
  readonly settings: readonly unknown[];
  readonly statistics: RecordedStatistics;
  /** The tx at which the data had about the size that the plan was made for. */
  sizedAt: number;
}

/** A plan of a template, made for some values of its parameters. */
interface TemplateEntry<Planned> extends Entry<Planned> {
  readonly template: QueryTemplate;
  readonly cheap: boolean;
  /** Parameters whose values were changed with the same plan coming out of planning anew. */
  readonly verified: Set<string>;
}

/** The plans of a template under one signature of its values. */
interface Family<Planned> {
  entries: TemplateEntry<Planned>[];
  /** A plan for other values was another one: each is planned for its own. */
  dependent: boolean;
}

export interface Planning<Planned> {
  readonly query: Query;
  /** Where the values of the query come from, if it has parameters. */
  readonly template: QueryTemplate | undefined;
  /** What besides the query a plan was made under. */
  readonly settings: readonly unknown[];
  readonly statistics: StoreStatistics;
  /** The tx of the state that is planned for: sizes change with it only. */
  readonly tx: number;
  readonly make: (statistics: PlanStatistics) => Planned;
  /** False for plans that serve the values alone which they were made for. */
  readonly isReusable: (planned: Planned) => boolean;
  /** True for plans that are cheap for any values: then nobody counts what an index would find for others. */
  readonly isCheap: (planned: Planned) => boolean;
  /** The plan with other values in it. */
  readonly bind: (planned: Planned, template: QueryTemplate) => Planned;
  /** Tells plans apart. */
  readonly textOf: (planned: Planned) => string;
}

/** Plans for several distributions of values are kept of a template, and so many signatures. */
const mostEntries = 8;
const mostFamilies = 64;

function isUsable<Planned>(entry: Entry<Planned>, { settings, statistics, tx }: Planning<Planned>): boolean {
  if (!entry.settings.every((setting, i) => setting === settings[i])) return false;
  const { statistics: known } = entry;
  if (!known.sameIndexes(statistics) || !known.sameNone(statistics)) return false;
  if (!known.sameSamples(statistics)) return false;
  if (entry.sizedAt !== tx) {
    if (!entry.statistics.aboutSameSizes(statistics)) return false;
    entry.sizedAt = tx;
  }
  return true;
}

function plan<Planned>({ make, settings, statistics, tx }: Planning<Planned>): Entry<Planned> {
  const recorder = recordStatistics(statistics);
  const planned = make(recorder.statistics);
  return { planned, settings, statistics: recorder.recorded(), sizedAt: tx };
}

/** The family of the values of a template; undefined when there is no use in keeping their plan. */
function familyOf<Planned>(
  families: Map<string, Family<Planned>>,
  template: QueryTemplate,
): Family<Planned> | undefined {
  const signature = signatureOf(template);
  if (signature === undefined) return undefined;
  const known = families.get(signature);
  if (known) return known;
  if (families.size >= mostFamilies) families.clear();
  const family: Family<Planned> = { entries: [], dependent: false };
  families.set(signature, family);
  return family;
}

/**
 * The plan of an entry with other values. A change of a parameter that was never changed before is proved once: the query is
 * planned anew for its value, out of the same statistics, and must come to the same plan.
 */
function rebound<Planned>(
  entry: TemplateEntry<Planned>,
  family: Family<Planned>,
  template: QueryTemplate,
  { make, bind, textOf, statistics }: Planning<Planned>,
): Planned {
  const planned = bind(entry.planned, template);
  const unproved = changedSlots(entry.template, template).filter((slot) => !entry.verified.has(slot));
  if (unproved.length === 0) return planned;
  const anew = make(entry.statistics.replay(statistics));
  if (textOf(anew) === textOf(planned)) for (const slot of unproved) entry.verified.add(slot);
  else family.dependent = true;
  return anew;
}

/**
 * Plans by the query they are of, under the same settings, while the data has about the same size and the same indexes.
 * A statement that is run again comes with the same object; one with other values comes with the same template, whose
 * plan is used again with the new values in it, as long as an index would find about as many rows for them.
 */
export function createPlanCache<Planned>(): (planning: Planning<Planned>) => Planned {
  const plans = new WeakMap<Query, Entry<Planned>>();
  const templates = new WeakMap<Query, Map<string, Family<Planned>>>();

  const ofQuery = (planning: Planning<Planned>): Planned => {
    const known = plans.get(planning.query);
    if (known && isUsable(known, planning)) return known.planned;
    const entry = plan(planning);
    plans.set(planning.query, entry);
    return entry.planned;
  };

  const ofTemplate = (planning: Planning<Planned>, template: QueryTemplate): Planned => {
    let families = templates.get(template.query);
    if (!families) templates.set(template.query, (families = new Map()));
    const family = familyOf(families, template);
    if (!family || family.dependent) return planning.make(planning.statistics);
    for (const entry of family.entries) {
      if (!isUsable(entry, planning)) {
        family.entries = family.entries.filter((other) => other !== entry);
      } else if (entry.cheap || entry.statistics.sameClass(planning.statistics, template.values)) {
        return rebound(entry, family, template, planning);
      }
    }
    const made = plan(planning);
    const cheap = planning.isCheap(made.planned);
    const entry = { ...made, template, cheap, verified: new Set<string>() };
    family.dependent = !planning.isReusable(entry.planned);
    family.entries = [entry, ...family.entries].slice(0, mostEntries);
    return entry.planned;
  };

  return (planning) => (planning.template ? ofTemplate(planning, planning.template) : ofQuery(planning));
}

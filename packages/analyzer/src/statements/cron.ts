import { assertNever, fail, type Span } from '@drops/diagnostics';
import type { Recurrence, TimeOfDay, Weekday } from '@drops/syntax';

const weekdays: { readonly [W in Weekday]: number } = {
  sunday: 0,
  monday: 1,
  tuesday: 2,
  wednesday: 3,
  thursday: 4,
  friday: 5,
  saturday: 6,
};

/**
 * Any recurrence as one five-field cron text (minute hour day month weekday):
 * `every day at 9am` → `0 9 * * *`, `every 5 minutes` → every fifth minute of the hour.
 * TYPE_ERROR for what cron cannot repeat evenly, such as every 7 minutes.
 */
export function cronOf(node: Recurrence): string {
  switch (node.kind) {
    case 'CronText':
      return cronText(node.text, node.span);
    case 'OnWeekday':
      return `${clock(node.at)} * * ${weekdays[node.weekday]}`;
    case 'Interval':
      return intervalOf(node);
    default:
      return assertNever(node);
  }
}

function clock(at: TimeOfDay | undefined): string {
  return at ? `${at.minute} ${at.hour}` : '0 0';
}

type Interval = Extract<Recurrence, { readonly kind: 'Interval' }>;

function intervalOf(node: Interval): string {
  const { count, unit, at, span } = node;
  if (!Number.isSafeInteger(count) || count < 1) {
    fail('TYPE_ERROR', `an interval is a whole number from 1; found ${count}`, { span });
  }
  switch (unit) {
    case 'minute':
      return minutes(node);
    case 'hour':
      return hours(count, at, span);
    case 'day':
      if (count !== 1) failUneven(`${count} days`, 'every day, or a cron text such as "0 9 1,15 * *"', span);
      return `${clock(at)} * * *`;
    case 'week':
      if (count !== 1) failUneven(`${count} weeks`, 'every week', span);
      return `${clock(at)} * * 1`;
    case 'month':
      if (12 % count !== 0) failUneven(`${count} months`, 'every 1, 2, 3, 4, 6 or 12 months', span);
      return `${clock(at)} 1 ${step(count)} *`;
    default:
      return assertNever(unit);
  }
}

function minutes({ count, at, span }: Interval): string {
  if (count >= 60 && count % 60 === 0) return hours(count / 60, at, span);
  if (at) failAt(span);
  if (60 % count !== 0) failUneven(`${count} minutes`, `every ${nearestDivisor(count, 60)} minutes`, span);
  return `${step(count)} * * * *`;
}

function hours(count: number, at: TimeOfDay | undefined, span: Span): string {
  if (at) failAt(span);
  if (24 % count !== 0) failUneven(`${count} hours`, `every ${nearestDivisor(count, 24)} hours`, span);
  return count === 24 ? '0 0 * * *' : `0 ${step(count)} * * *`;
}

function step(count: number): string {
  return count === 1 ? '*' : `*/${count}`;
}

function nearestDivisor(count: number, whole: number): number {
  let best = 1;
  for (let d = 1; d <= whole; d += 1) {
    if (whole % d === 0 && Math.abs(d - count) < Math.abs(best - count)) best = d;
  }
  return best;
}

function failAt(span: Span): never {
  fail('TYPE_ERROR', 'a time of day goes with days, weeks and months', { span, hint: 'every day at 9am' });
}

function failUneven(what: string, hint: string, span: Span): never {
  fail('TYPE_ERROR', `cron cannot repeat evenly every ${what}`, { span, hint });
}

/** Lowest and highest value of each field. */
const fields = [
  { name: 'minute', low: 0, high: 59 },
  { name: 'hour', low: 0, high: 23 },
  { name: 'day', low: 1, high: 31 },
  { name: 'month', low: 1, high: 12 },
  { name: 'weekday', low: 0, high: 7 },
] as const;

function cronText(text: string, span: Span): string {
  const parts = text.trim().split(/\s+/);
  if (parts.length !== fields.length) {
    fail('TYPE_ERROR', `a cron text has five fields (minute hour day month weekday); found ${parts.length}`, {
      span,
      hint: 'such as "0 9 * * 1"',
    });
  }
  for (const [i, field] of fields.entries()) {
    const part = parts[i] ?? '';
    for (const item of part.split(',')) {
      if (!fitsField(item, field.low, field.high)) {
        fail(
          'TYPE_ERROR',
          `'${part}' is no ${field.name} of a cron text: ${field.low} to ${field.high}, *, a-b, */n`,
          { span },
        );
      }
    }
  }
  return parts.join(' ');
}

/** `*`, `5`, `1-5`, each optionally with `/n`. */
function fitsField(item: string, low: number, high: number): boolean {
  const match = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/.exec(item);
  if (!match) return false;
  const [, from, to, every] = match;
  const inside = (n: string | undefined): boolean =>
    n === undefined || (Number(n) >= low && Number(n) <= high);
  const ordered = from === undefined || to === undefined || Number(from) <= Number(to);
  return inside(from) && inside(to) && ordered && (every === undefined || Number(every) > 0);
}

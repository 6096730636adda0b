import type { TimeOfDay, Weekday } from '../ast/index.js';

export type CalendarUnit = 'minute' | 'hour' | 'day' | 'week' | 'month';

const units: ReadonlyMap<string, CalendarUnit> = new Map([
  ['minute', 'minute'],
  ['minutes', 'minute'],
  ['hour', 'hour'],
  ['hours', 'hour'],
  ['day', 'day'],
  ['days', 'day'],
  ['week', 'week'],
  ['weeks', 'week'],
  ['month', 'month'],
  ['months', 'month'],
]);

const weekdays: ReadonlyMap<string, Weekday> = new Map([
  ['monday', 'monday'],
  ['tuesday', 'tuesday'],
  ['wednesday', 'wednesday'],
  ['thursday', 'thursday'],
  ['friday', 'friday'],
  ['saturday', 'saturday'],
  ['sunday', 'sunday'],
]);

/** The unit of a keyword token; the token type has made sure that it is one. */
export function readUnit(word: string): CalendarUnit {
  return units.get(word) ?? 'day';
}

/** The weekday of a keyword token. */
export function readWeekday(word: string): Weekday {
  return weekdays.get(word) ?? 'monday';
}

/** `9am`, `12pm`, `9:30am`, `14:30`, `9`; undefined for what is no time of day. */
export function readTime(text: string): TimeOfDay | undefined {
  const match = /^([0-9]{1,2})(?::([0-9]{2}))?(am|pm)?$/.exec(text);
  if (!match) return undefined;
  const [, hours = '', minutes = '0', half] = match;
  const hour = Number(hours);
  const minute = Number(minutes);
  if (minute > 59 || (half ? hour < 1 || hour > 12 : hour > 23)) return undefined;
  if (!half) return { hour, minute };
  return { hour: (hour % 12) + (half === 'pm' ? 12 : 0), minute };
}

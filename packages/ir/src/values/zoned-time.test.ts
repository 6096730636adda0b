import { expect, it } from 'vitest';
import { zonedTime } from './zoned-time.js';
import { datesIn } from './universal-fields.js';

const at = (text: string, zone: string): string | undefined => {
  const instant = zonedTime(Date.parse(text), zone);
  return instant === undefined ? undefined : new Date(instant).toISOString();
};

it.each([
  ['2026-03-01T23:30:00Z', 'America/New_York', '2026-03-02T04:30:00.000Z'],
  ['2026-07-01T12:00:00Z', 'Europe/Copenhagen', '2026-07-01T10:00:00.000Z'],
  ['2026-01-01T12:00:00Z', 'Europe/Copenhagen', '2026-01-01T11:00:00.000Z'],
  ['2026-01-01T00:00:00.123Z', 'Asia/Kolkata', '2025-12-31T18:30:00.123Z'],
  ['2026-01-01T12:00:00Z', 'UTC', '2026-01-01T12:00:00.000Z'],
  // Clocks go from 2 to 3: half past two is half past three.
  ['2026-03-29T02:30:00Z', 'Europe/Copenhagen', '2026-03-29T01:30:00.000Z'],
  // From 3 to 2: half past two comes twice.
  ['2026-10-25T02:30:00Z', 'Europe/Copenhagen', '2026-10-25T00:30:00.000Z'],
  ['1850-06-01T00:00:00Z', 'UTC', '1850-06-01T00:00:00.000Z'],
])('%s in %s is %s', (text, zone, wanted) => {
  expect(at(text, zone)).toBe(wanted);
});

it('knows no zone of another name', () => {
  expect(at('2026-01-01T12:00:00Z', 'Europe/Nowhere')).toBeUndefined();
});

it('is what a date without an offset means beside its zone; an offset of its own wins, and an unknown zone is none', () => {
  const start = (entry: Record<string, string>): readonly string[] =>
    datesIn({ _dates: [entry] }).map((time) => new Date(time).toISOString());
  expect(start({ start: '2026-03-01T23:30', tz: 'America/New_York' })).toEqual(['2026-03-02T04:30:00.000Z']);
  expect(start({ start: '2026-03-02', tz: 'America/New_York' })).toEqual(['2026-03-02T05:00:00.000Z']);
  expect(start({ start: '2026-03-01T23:30:00+01:00', tz: 'America/New_York' })).toEqual([
    '2026-03-01T22:30:00.000Z',
  ]);
  expect(start({ start: '2026-03-01T23:30:00Z', tz: 'America/New_York' })).toEqual([
    '2026-03-01T23:30:00.000Z',
  ]);
  expect(start({ start: '2026-03-01', tz: 'Nowhere' })).toEqual(['2026-03-01T00:00:00.000Z']);
});

const day = 24 * 60 * 60 * 1000;

/** Formats of zones that were asked for: making one costs more than using it. null: there is no such zone. */
const formats = new Map<string, Intl.DateTimeFormat | null>();
/** Payloads name zones, so there may be any number of wrong names. */
const mostFormats = 600;

function formatOf(zone: string): Intl.DateTimeFormat | null {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  let made: Intl.DateTimeFormat | null = null;
  try {
    made = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    // No zone of that name.
  }
  if (formats.size >= mostFormats) formats.clear();
  formats.set(zone, made);
  return made;
}

/** What clocks of a zone are ahead of UTC at an instant, in ms. */
function offsetAt(format: Intl.DateTimeFormat, instant: number): number {
  const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
  const year = parts.get('era') === 'BC' ? 1 - part('year') : part('year');
  const shown = new Date(0);
  shown.setUTCFullYear(year, part('month') - 1, part('day'));
  shown.setUTCHours(part('hour'), part('minute'), part('second'));
  return shown.getTime() - Math.floor(instant / 1000) * 1000;
}

/**
 * The instant at which clocks of a zone (`Europe/Copenhagen`) show what a clock of UTC shows at `local`; both in ms since the epoch. Of two such instants
 * the first; a time that is left out, when clocks are put forward, is as much later. undefined for a zone that is none.
 */
export function zonedTime(local: number, zone: string): number | undefined {
  const format = formatOf(zone);
  if (!format) return undefined;
  const [before, after] = [offsetAt(format, local - day), offsetAt(format, local + day)];
  const [first, second] = [local - before, local - after].sort((a, b) => a - b);
  for (const instant of [first, second]) {
    if (instant !== undefined && instant + offsetAt(format, instant) === local) return instant;
  }
  return local - before;
}

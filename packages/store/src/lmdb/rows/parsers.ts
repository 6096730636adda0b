import { createRowParser, type RowParser } from './row-parser.js';

/** The readers of rows, by route: the rows of a route look alike. */
export interface Parsers {
  of(routeId: number): RowParser;
}

/** Routes whose shapes of rows are remembered. */
const routeLimit = 10_000;
/** Choices of members that are remembered. */
const choiceLimit = 500;

function createParsers(fields?: ReadonlySet<string>): Parsers {
  const parsers = new Map<number, RowParser>();
  return {
    of(routeId) {
      const known = parsers.get(routeId);
      if (known) return known;
      if (parsers.size >= routeLimit) parsers.clear();
      const made = createRowParser(fields);
      parsers.set(routeId, made);
      return made;
    },
  };
}

/** Gives the readers of whole payloads, or of at least the members with some names; the same ones each time. */
export function createParserChoice(): (fields?: readonly string[]) => Parsers {
  const whole = createParsers();
  const parts = new Map<string, Parsers>();
  return (fields) => {
    if (!fields) return whole;
    const name = JSON.stringify(fields);
    const known = parts.get(name);
    if (known) return known;
    if (parts.size >= choiceLimit) parts.clear();
    const made = createParsers(new Set(fields));
    parts.set(name, made);
    return made;
  };
}

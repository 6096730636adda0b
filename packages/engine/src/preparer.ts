import { shapeOf } from '@drops/syntax';
import { parseScript, prepareStatement, type PreparedStatement } from './prepare.js';
import { createRecent } from './recent.js';
import { createSightings } from './sightings.js';
import { createStatementShape, type StatementShape } from './statement-shape.js';

/** Long texts are mostly payload: they rarely come again and would fill the cache. */
const longestKept = 4096;
/** Statements with more literals are mostly payload too. */
const mostLiterals = 24;
/** A text that came so often is compiled as it is: then nothing is left to do for it. */
const oftenSeen = 3;

/**
 * Prepares scripts, remembering about `capacity` texts used last. A text that is new but for its literals is
 * not parsed: it takes the plan of its shape.
 */
export function createPreparer(capacity: number): (text: string) => readonly PreparedStatement[] {
  const texts = createRecent<string, readonly PreparedStatement[]>(capacity);
  const shapes = createRecent<string, StatementShape>(capacity);
  // Most texts of a shape come once: they are counted, and nothing of them is kept.
  const sightings = createSightings(capacity);

  const prepare = (text: string): readonly PreparedStatement[] => {
    const found = shapeOf(text);
    const literals = found?.literals.length ?? 0;
    const known = found && literals > 0 ? shapes.get(found.shape) : undefined;
    if (found && known && sightings.count(text, found.literals) <= oftenSeen)
      return [known.prepare(text, found.literals)];
    const statements = parseScript(text);
    const prepared = statements.map(prepareStatement);
    // A script of several statements has several shapes; it is not taken apart. SQL is one literal.
    const whole = prepared.length === 1 && prepared[0]?.readsSql === false;
    if (found && literals > 0 && literals <= mostLiterals && whole) {
      if (!known) shapes.set(found.shape, createStatementShape());
    }
    texts.set(text, prepared);
    return prepared;
  };

  return (text) => {
    const known = texts.get(text);
    if (known) return known;
    if (text.length > longestKept) return parseScript(text).map(prepareStatement);
    return prepare(text);
  };
}

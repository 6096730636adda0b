import { compareStrings } from '@drops/ir';
import { answerColumns } from './model.js';
/** Drivers give booleans as numbers and large numbers as texts. */
function valueOf(found, type) {
    if (found === null || found === undefined)
        return null;
    if (type === 'boolean')
        return found === true || found === 1 || found === 'true';
    if (type === 'number')
        return Number(found);
    return String(found);
}
function near(a, b) {
    if (typeof a !== 'number' || typeof b !== 'number')
        return a === b;
    return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));
}
/** A text that near numbers nearly always share, to put rows side by side. */
function roughly(row) {
    return JSON.stringify(row.map((value) => (typeof value === 'number' ? Number(value.toPrecision(7)) : value)));
}
/**
 * What is different between two answers to a question, or undefined. Rows without an order are compared as a bag,
 * numbers to nine digits: databases add in another order.
 */
export function difference(question, expected, found) {
    const columns = answerColumns(question);
    const wanted = expected.map((row) => columns.map(({ name }) => row[name] ?? null));
    const given = found.map((row) => columns.map(({ name, type }) => valueOf(row[name], type)));
    if (wanted.length !== given.length)
        return `${wanted.length} rows expected, ${given.length} found`;
    if (question.sort.length > 0)
        return firstDifference(wanted, given);
    const order = (rows) => rows
        .map((row) => ({ row, text: roughly(row) }))
        .sort((a, b) => compareStrings(a.text, b.text))
        .map(({ row }) => row);
    return firstDifference(order(wanted), order(given));
}
function firstDifference(wanted, given) {
    for (const [i, row] of wanted.entries()) {
        const other = given[i] ?? [];
        if (!row.every((value, at) => near(value, other[at] ?? null))) {
            return `row ${i}: ${JSON.stringify(row)} expected, ${JSON.stringify(other)} found`;
        }
    }
    return undefined;
}
//# sourceMappingURL=compare.js.map
import { compareForSort, getProperty, isObject } from '@drops/ir';
function step(value, name) {
    return isObject(value ?? null) && value !== undefined
        ? getProperty(value, name)
        : undefined;
}
function fieldOf(row, { name, within = [] }) {
    if (name === 'key' && within.length === 0)
        return row.own.key;
    let value = getProperty(row.own.payload, name);
    if (value === undefined && row.joined)
        value = getProperty(row.joined.payload, name);
    for (const one of within)
        value = step(value, one);
    return value;
}
const isNothing = (value) => value === null || value === undefined;
function compares(left, op, right) {
    if (isNothing(left))
        return false;
    const same = typeof left === typeof right;
    if (op === '=')
        return left === right;
    if (op === '!=')
        return left !== right;
    if (!same)
        return false;
    const order = compareForSort(left, right, false);
    return op === '<' ? order < 0 : op === '<=' ? order <= 0 : op === '>' ? order > 0 : order >= 0;
}
function valuesOf({ route, pick, where }, tables) {
    const reads = tables[route].map((own) => (column) => fieldOf({ own, joined: undefined }, column));
    return reads.filter((read) => holds(where, read, tables)).map((read) => read(pick));
}
/** Two-valued: what is nothing compares to nothing. */
function holds(condition, read, tables) {
    switch (condition.kind) {
        case 'compare':
            return compares(read(condition.column), condition.op, condition.value);
        case 'in': {
            const value = read(condition.column);
            if (isNothing(value))
                return false;
            return condition.values.some((one) => one === value) !== condition.negated;
        }
        case 'like': {
            const value = read(condition.column);
            if (typeof value !== 'string')
                return false;
            const { match, text } = condition;
            return match === 'prefix'
                ? value.startsWith(text)
                : match === 'suffix'
                    ? value.endsWith(text)
                    : value.includes(text);
        }
        case 'exists':
            return isNothing(read(condition.column)) === condition.negated;
        case 'in query': {
            const value = read(condition.column);
            if (isNothing(value))
                return false;
            return valuesOf(condition.query, tables).some((one) => one === value) !== condition.negated;
        }
        case 'and':
            return condition.terms.every((term) => holds(term, read, tables));
        case 'or':
            return condition.terms.some((term) => holds(term, read, tables));
        case 'not':
            return !holds(condition.term, read, tables);
    }
}
function aggregate({ fn, column }, rows) {
    if (fn === 'count' || !column)
        return rows.length;
    const values = rows.map((row) => fieldOf(row, column)).filter((value) => !isNothing(value));
    const sum = values.reduce((total, value) => (typeof value === 'number' ? total + value : total), 0);
    const count = values.filter((value) => typeof value === 'number').length;
    if (fn === 'sum')
        return sum;
    if (fn === 'avg')
        return count === 0 ? null : sum / count;
    const sorted = [...values].sort((a, b) => compareForSort(a, b, false));
    return (fn === 'min' ? sorted[0] : sorted.at(-1)) ?? null;
}
function join(question, tables) {
    const own = tables[question.route];
    if (!question.join)
        return own.map((entity) => ({ own: entity, joined: undefined }));
    return own.flatMap((entity) => {
        const user = entity.payload['user'];
        const joined = tables.users.find(({ key }) => key === user);
        return joined || question.join === 'left' ? [{ own: entity, joined }] : [];
    });
}
function groups(question, rows, tables) {
    const { group } = question;
    if (!group)
        return [];
    const found = new Map();
    for (const row of rows) {
        const key = JSON.stringify(group.by.map((column) => fieldOf(row, column) ?? null));
        found.set(key, [...(found.get(key) ?? []), row]);
    }
    if (group.by.length === 0 && found.size === 0)
        found.set('[]', []);
    const made = [...found].map(([key, members]) => {
        const values = JSON.parse(key);
        return Object.fromEntries([
            ...group.by.map(({ name }, i) => [name, values[i] ?? null]),
            ...group.aggregates.map((call) => [call.as, aggregate(call, members)]),
        ]);
    });
    const { having } = group;
    return having ? made.filter((row) => holds(having, ({ name }) => row[name], tables)) : made;
}
/** The answer to a question by its plain meaning; in order where it is sorted. */
export function answer(question, tables) {
    const rows = join(question, tables).filter((row) => !question.where || holds(question.where, (column) => fieldOf(row, column), tables));
    const found = question.group
        ? groups(question, rows, tables).map((row) => ({ row, read: ({ name }) => row[name] }))
        : rows.map((row) => ({
            row: Object.fromEntries(question.pick.map((column) => [column.name, fieldOf(row, column) ?? null])),
            read: (column) => fieldOf(row, column),
        }));
    const sorted = [...found].sort((a, b) => {
        for (const { column, descending } of question.sort) {
            const order = compareForSort(a.read(column), b.read(column), descending);
            if (order !== 0)
                return order;
        }
        return 0;
    });
    const { offset = 0, limit = Infinity } = question;
    return sorted.slice(offset, offset + limit).map(({ row }) => row);
}
//# sourceMappingURL=answer.js.map
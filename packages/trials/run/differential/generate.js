const column = (name, type, ...within) => ({
    name,
    type,
    ...(within.length > 0 && { within }),
});
/** The key has another name in each language. */
export const keyColumn = column('key', 'text');
const columnsOf = {
    orders: [
        column('user', 'text'),
        column('amount', 'number'),
        column('qty', 'number'),
        column('city', 'text'),
        column('paid', 'boolean'),
        column('memo', 'text'),
    ],
    users: [
        column('name', 'text'),
        column('role', 'text'),
        column('age', 'number'),
        column('score', 'number'),
        column('vip', 'boolean'),
    ],
};
const nested = [column('item', 'json', 'price'), column('item', 'json', 'sku')];
const texts = [
    '',
    'Oslo',
    'oslo',
    'Bergen',
    'ＦINN 𝒳',
    '50%_off',
    'back\\slash',
    `O'Brien "q" \`t\``,
    'é',
    'e\u0301',
    'zz',
    '10',
    '9',
    'true',
    'null',
    ' a ',
    '--',
    '\u{1F600}',
];
const numbers = [0, 1, -1, 2, 3, 7, 10, -7, 2.5, 0.1, 0.2, -3.25, 41, 100, 1e15, 1e-7];
export const pick = (random, values) => {
    const value = values[Math.floor(random() * values.length)];
    if (value === undefined)
        throw new Error('nothing to pick from');
    return value;
};
const chance = (random, share) => random() < share;
const several = (random, from, to, make) => Array.from({ length: from + Math.floor(random() * (to - from + 1)) }, make);
function valueFor(random, { type, name }) {
    const kind = type === 'json' ? pick(random, ['text', 'number']) : type;
    if (kind === 'boolean')
        return chance(random, 0.5);
    if (kind === 'text')
        return pick(random, name === 'user' ? ['u1', 'u2', 'u3', 'nobody', ...texts] : texts);
    const number = pick(random, numbers);
    return name === 'qty' || name === 'age' ? Math.round(number) : number;
}
function payload(random, columns) {
    const fields = [];
    for (const one of columns) {
        if (chance(random, 0.12))
            continue;
        fields.push([one.name, chance(random, 0.08) ? null : valueFor(random, one)]);
    }
    return Object.fromEntries(fields);
}
/** Two tables whose rows refer to each other, with nulls, missing fields and values that break careless quoting. */
export function makeTables(random, rows) {
    const users = Array.from({ length: Math.ceil(rows / 4) }, (_, i) => ({
        key: `u${i}`,
        payload: payload(random, columnsOf.users),
    }));
    const orders = Array.from({ length: rows }, (_, i) => {
        const item = {
            price: pick(random, [3, 'free', null, true, -1, 0.5]),
            sku: pick(random, ['A', 'b', null, 'é', 1]),
        };
        const own = payload(random, columnsOf.orders);
        const user = `u${Math.floor(random() * users.length * 1.3)}`;
        const refers = chance(random, 0.7);
        const withItem = chance(random, 0.8);
        return {
            key: `o${String(i).padStart(3, '0')}`,
            payload: { ...own, ...(refers && { user }), ...(withItem && { item }) },
        };
    });
    // Every column has a value somewhere, so that its type is known to whoever is given the rows.
    const full = (key, columns) => ({
        key,
        payload: Object.fromEntries(columns.map((one) => [
            one.name,
            one.type === 'text'
                ? 'full'
                : one.type === 'boolean'
                    ? true
                    : one.name === 'qty' || one.name === 'age'
                        ? 5
                        : 5.5,
        ])),
    });
    return {
        users: [...users, full('ufull', columnsOf.users)],
        orders: [
            ...orders,
            {
                ...full('ofull', columnsOf.orders),
                payload: { ...full('ofull', columnsOf.orders).payload, item: { price: 1, sku: 'x' } },
            },
        ],
    };
}
function leaf(random, columns) {
    const chosen = pick(random, columns);
    const kind = random();
    if (kind < 0.12)
        return { kind: 'exists', column: chosen, negated: chance(random, 0.5) };
    if (kind < 0.3 && chosen.type === 'text') {
        return {
            kind: 'like',
            column: chosen,
            match: pick(random, ['prefix', 'suffix', 'contains']),
            text: pick(random, texts.filter((t) => t !== '')).slice(0, 3),
        };
    }
    if (kind < 0.45 && (chosen.type === 'text' || chosen.type === 'number')) {
        const values = several(random, 1, 4, () => valueFor(random, chosen)).flatMap((v) => typeof v === 'boolean' ? [] : [v]);
        return { kind: 'in', column: chosen, values, negated: chance(random, 0.4) };
    }
    const ops = chosen.type === 'boolean' ? ['=', '!='] : ['=', '!=', '<', '<=', '>', '>='];
    return { kind: 'compare', column: chosen, op: pick(random, ops), value: valueFor(random, chosen) };
}
/** Values of one column out of another question; never nothing, for which SQL has an answer of its own. */
function subQuery(random, chosen) {
    const route = pick(random, ['orders', 'users']);
    const own = columnsOf[route];
    const picked = pick(random, [...own, ...(chosen.type === 'text' ? [keyColumn] : [])].filter(({ type }) => type === chosen.type));
    const exists = { kind: 'exists', column: picked, negated: false };
    const where = { kind: 'and', terms: [exists, leaf(random, [...own, keyColumn])] };
    return {
        kind: 'in query',
        column: chosen,
        query: { route, pick: picked, where },
        negated: chance(random, 0.4),
    };
}
function condition(random, columns, depth, around) {
    const kind = random();
    if (depth === 2 && kind < 0.06) {
        return subQuery(random, pick(random, columns.filter(({ type }) => type === 'text' || type === 'number')));
    }
    if (depth === 0 || kind < 0.5)
        return leaf(random, columns);
    if (kind < 0.62)
        return { kind: 'not', term: condition(random, columns, depth - 1) };
    const own = around === 'and' ? 'or' : around === 'or' ? 'and' : pick(random, ['and', 'or']);
    return { kind: own, terms: several(random, 2, 3, () => condition(random, columns, depth - 1, own)) };
}
function unique(columns) {
    return columns.filter((one, i) => columns.findIndex(({ name }) => name === one.name) === i);
}
function aggregates(random, columns) {
    const calls = several(random, 1, 3, () => {
        const fn = pick(random, ['count', 'sum', 'avg', 'min', 'max']);
        if (fn === 'count')
            return { fn, as: 'n' };
        const fitting = columns.filter(({ type }) => type === 'number' || (type === 'text' && (fn === 'min' || fn === 'max')));
        const chosen = pick(random, fitting);
        return { fn, column: chosen, as: `${fn}_${chosen.name}` };
    });
    return calls.filter((call, i) => calls.findIndex(({ as }) => as === call.as) === i);
}
/** A question; one with a limit is sorted to the last row, so that it has one answer. */
export function makeQuestion(random) {
    const route = pick(random, ['orders', 'orders', 'users']);
    const join = route === 'orders' && chance(random, 0.3) ? pick(random, ['left', 'inner']) : undefined;
    const own = columnsOf[route];
    const columns = join ? [...own, ...columnsOf.users] : own;
    const asked = [...columns, keyColumn, ...(route === 'orders' && !join ? nested : [])];
    const where = chance(random, 0.75) ? condition(random, asked, 2) : undefined;
    const base = { route, ...(join && { join }), ...(where && { where }) };
    if (chance(random, 0.35)) {
        const by = unique(several(random, 0, 2, () => pick(random, columns)));
        const calls = aggregates(random, columns);
        const made = [
            ...by,
            ...calls.map(({ as, fn, column: of }) => column(as, fn === 'min' || fn === 'max' ? (of?.type ?? 'number') : 'number')),
        ];
        const having = by.length > 0 && chance(random, 0.3) ? leaf(random, made) : undefined;
        const sorted = by.length > 0 && chance(random, 0.6);
        const sort = sorted ? by.map((one) => ({ column: one, descending: chance(random, 0.4) })) : [];
        return {
            ...base,
            group: { by, aggregates: calls, ...(having && { having }) },
            pick: [],
            sort,
            ...(sorted && chance(random, 0.4) && { limit: Math.floor(random() * 6) }),
        };
    }
    const picked = unique([keyColumn, ...several(random, 1, 3, () => pick(random, columns))]);
    const sorted = chance(random, 0.6);
    const free = unique(several(random, 1, 2, () => pick(random, columns)));
    const sort = sorted
        ? [...free, keyColumn].map((one) => ({
            column: one,
            descending: one !== keyColumn && chance(random, 0.4),
        }))
        : [];
    return {
        ...base,
        group: null,
        pick: picked,
        sort,
        ...(sorted && chance(random, 0.5) && { limit: Math.floor(random() * 12) }),
        ...(sorted && chance(random, 0.2) && { offset: 1 + Math.floor(random() * 5) }),
    };
}
//# sourceMappingURL=generate.js.map
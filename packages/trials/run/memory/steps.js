/** Cities are few, names are as many as there are rows. */
export const cities = 50;
export const dropOf = (n) => ({
    key: `item-${n}`,
    payload: {
        name: `name of item ${n}`,
        city: `city-${n % cities}`,
        score: (n * 7919) % 1_000_003,
        text: `some words that stand for a text of usual length, ${n}`,
    },
});
export const steps = [
    { name: 'scan, nothing found', door: 'exec', text: 'find items where text = "none"' },
    { name: 'the rows of one reply', door: 'exec', text: 'find items' },
    { name: 'stream of all rows', door: 'stream', text: 'find items', lines: (rows) => rows },
    { name: 'sort, first 100', door: 'exec', text: 'find items sort score desc limit 100' },
    { name: 'sort of all rows', door: 'stream', text: 'find items sort score', lines: (rows) => rows },
    {
        name: 'sort of all rows in full',
        door: 'stream',
        text: 'find items then sort text',
        lines: (rows) => rows,
    },
    { name: 'group, few', door: 'exec', text: 'find items group city count avg score' },
    { name: 'group, as many as rows', door: 'exec', text: 'find items group name count limit 10' },
    { name: 'distinct, as many as rows', door: 'exec', text: 'find items distinct name' },
    {
        name: 'join by key, grouped',
        door: 'exec',
        text: 'find items join cities on city = key group country count',
    },
    { name: 'join of all with all', door: 'exec', text: 'find items join items on text = text count' },
    {
        name: 'in (find …), all names',
        door: 'exec',
        text: 'find items where name in (find items then pick name) count',
    },
    { name: 'export NDJSON', door: 'get', text: '/export/items?format=ndjson', lines: (rows) => rows },
    { name: 'export CSV', door: 'get', text: '/export/items?format=csv', lines: (rows) => rows + 1 },
];
//# sourceMappingURL=steps.js.map
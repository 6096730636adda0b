/** All pieces up to the newest one whose write has reached the disk. */
function byWrite(reached) {
    const known = new Map();
    const test = ({ write }) => {
        let answer = known.get(write);
        if (answer === undefined)
            known.set(write, (answer = reached(write)));
        return answer;
    };
    return (_sector, waiting) => waiting.findLastIndex(test) + 1;
}
/** Ways in which what was not synced may have reached the disk. */
const kinds = {
    nothing: () => () => 0,
    everything: () => (_sector, waiting) => waiting.length,
    'whole writes': (random) => {
        const share = random();
        return byWrite(() => random() < share);
    },
    // The order in which they were written is turned round: what points comes before what it points to.
    'the last write alone': (_random, last) => byWrite((write) => write === last),
    'all but one write': (random, last) => {
        const lost = last - Math.floor(random() * 6);
        return byWrite((write) => write !== lost);
    },
    'torn writes': (random) => {
        const share = random();
        return (_sector, waiting) => (random() < share ? 1 + Math.floor(random() * waiting.length) : 0);
    },
};
export const fateNames = Object.keys(kinds);
/** A fate by name; `last` is the id of the last write before the cut. */
export function fateOf(name, random, last) {
    const make = kinds[name];
    if (!make)
        throw new Error(`no fate is called ${name}`);
    return make(random, last);
}
//# sourceMappingURL=fates.js.map
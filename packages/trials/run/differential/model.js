/** The columns of an answer, in order. */
export function answerColumns({ group, pick, }) {
    if (!group)
        return pick.map(({ name, type }) => ({ name, type }));
    const made = group.aggregates.map(({ as, fn, column }) => ({
        name: as,
        type: (fn === 'min' || fn === 'max') && column ? column.type : 'number',
    }));
    return [...group.by.map(({ name, type }) => ({ name, type })), ...made];
}
//# sourceMappingURL=model.js.map
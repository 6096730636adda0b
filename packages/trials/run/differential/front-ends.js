import { loadSqlParser, lower, lowerJsonQuery, lowerSql, emptyCatalog } from '@drops/analyzer';
import { DropsError, invariant } from '@drops/diagnostics';
import { equalPlans, rewritePlan } from '@drops/ir';
import { parse } from '@drops/syntax';
import { toDrops, toJson, toSql } from './syntaxes.js';
/** The plan of a text of Drops. */
export function planOfDrops(text) {
    const [parsed] = parse(text).statements;
    invariant(parsed?.ok === true, `no statement: ${text}`);
    return lower(parsed.statement, emptyCatalog).plan;
}
/** What the language leaves in a plan besides its meaning: a right of its own, and whether a reply says how to go on. */
function meaning(plan) {
    const pages = rewritePlan(plan, {
        plan: (p) => p,
        relation: (r) => (r.kind === 'Slice' ? { ...r, paged: false } : r),
        expression: (e) => e,
    });
    if (pages.kind !== 'Query')
        return pages;
    const { language: _, ...query } = pages;
    return query;
}
/** The syntaxes in which a question gives another plan than in Drops. */
export async function unequalFrontEnds(question) {
    await loadSqlParser();
    const plan = meaning(planOfDrops(toDrops(question)));
    const others = [];
    const json = toJson(question);
    if (json)
        others.push(['JSON', () => lowerJsonQuery(json).plan]);
    const sql = toSql(question);
    const context = { catalog: emptyCatalog, warn: () => undefined };
    others.push(['SQL', () => lowerSql(sql, { start: 0, end: sql.length }, (offset) => offset, context)]);
    return others.flatMap(([name, make]) => {
        try {
            return equalPlans(meaning(make()), plan) ? [] : [`${name} gives another plan`];
        }
        catch (thrown) {
            if (thrown instanceof DropsError)
                return [`${name}: ${thrown.message}`];
            throw thrown;
        }
    });
}
//# sourceMappingURL=front-ends.js.map
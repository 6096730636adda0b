import { columnsOf } from './generate.js';
import type { Condition, Question } from './model.js';

/** Whether any part of a question names a column of the joined table: it means nothing without the join. */
function readsJoined(question: Question): boolean {
  const text = JSON.stringify(question);
  const own = new Set(columnsOf[question.route].map(({ name }) => name));
  return columnsOf.users.some(
    ({ name }) => !own.has(name) && text.includes(JSON.stringify({ name }).slice(0, -1)),
  );
}

function smallerConditions(condition: Condition): readonly Condition[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return [
        ...condition.terms,
        ...condition.terms.flatMap((term, i) =>
          smallerConditions(term).map((smaller) => ({
            ...condition,
            terms: condition.terms.map((t, at) => (at === i ? smaller : t)),
          })),
        ),
      ];
    case 'not':
      return [condition.term, ...smallerConditions(condition.term).map((term) => ({ ...condition, term }))];
    case 'in query': {
      const { where } = condition.query;
      const fewer = where.kind === 'and' ? where.terms.slice(0, 1) : [];
      return fewer.map((term) => ({ ...condition, query: { ...condition.query, where: term } }));
    }
    default:
      return [];
  }
}

function smaller(question: Question): readonly Question[] {
  const { where, join: _join, limit: _limit, offset: _offset, ...rest } = question;
  const { group } = question;
  return [
    ...(where
      ? [
          { ...question, where: undefined },
          ...smallerConditions(where).map((w) => ({ ...question, where: w })),
        ]
      : []),
    ...(question.join && !readsJoined(question) ? [{ ...question, join: undefined }] : []),
    ...(question.limit !== undefined || question.offset !== undefined
      ? [{ ...rest, ...(where && { where }), ...(question.join && { join: question.join }) }]
      : []),
    ...(group?.having ? [{ ...question, group: { by: group.by, aggregates: group.aggregates } }] : []),
    ...(group && group.aggregates.length > 1
      ? group.aggregates.map((_, i) => ({
          ...question,
          group: { ...group, aggregates: group.aggregates.filter((__, at) => at !== i) },
        }))
      : []),
    ...question.pick
      .slice(1)
      .map((_, i) => ({ ...question, pick: question.pick.filter((__, at) => at !== i + 1) })),
  ].map(withoutUndefined);
}

function withoutUndefined(question: { readonly [K in keyof Question]: Question[K] | undefined }): Question {
  const { where, join, limit, offset, route, group, pick, sort } = question;
  if (!route || group === undefined || !pick || !sort)
    throw new Error('a question has a route, columns and a sort');
  return {
    route,
    group,
    pick,
    sort,
    ...(where && { where }),
    ...(join && { join }),
    ...(limit !== undefined && { limit }),
    ...(offset !== undefined && { offset }),
  };
}

/** The smallest question that is found by leaving parts out and still fails. */
export async function shrink(
  question: Question,
  fails: (question: Question) => Promise<boolean>,
): Promise<Question> {
  for (const candidate of smaller(question)) {
    if (await fails(candidate).catch(() => false)) return shrink(candidate, fails);
  }
  return question;
}

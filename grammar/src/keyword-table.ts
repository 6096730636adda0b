import { aliases, keywordRoles, keywordsByRole, keywordTable, type KeywordRole } from '@drops/syntax';

/** What a word of each role does. */
const descriptions: Readonly<Record<KeywordRole, string>> = {
  statement: 'begins a statement',
  clause: 'begins a clause of a query',
  aggregate: 'computes one value from many drops',
  pipe: 'begins a step after the clauses; `|` does the same',
  action: 'says what a step does',
  operator: 'tests or joins conditions',
  constant: 'is a value',
  direction: 'says which way a field sorts',
  writeOption: 'is an option of a write',
  searchOption: 'is an option of a search',
  runOption: 'is an option of a run',
  facet: 'is a kind of extracted fact',
  mode: 'says what sharing allows',
  format: 'is a format of an export',
  target: 'is a language to translate to',
  dialect: 'is a dialect of SQL',
  unit: 'is a unit of time',
  weekday: 'is a day of the week',
  mailOption: 'is a part of a mail',
  emailPart: 'is a part of a mail that a step sends',
  pushOption: 'is a part of a notification',
  currencyOption: 'is a property of a new currency',
  eventField: 'is a field of a calendar event',
  period: 'bounds a period of events',
  answer: 'answers an invitation',
  serviceVerb: 'says what a service does',
  particle: 'joins the parts of a statement',
};

/** The keywords as JSON: the roles with their words, and each word with its roles and its other spelling. */
export function keywordsText(): string {
  const table = {
    comment: 'Generated from the keyword table of the parser by `pnpm grammar`. No keyword is reserved.',
    roles: keywordRoles.map((role) => ({
      role,
      description: descriptions[role],
      words: keywordsByRole[role],
    })),
    keywords: [...keywordTable].map(([word, roles]) => {
      const alias = aliases.get(word);
      return { word, roles, ...(alias !== undefined && { sameAs: alias }) };
    }),
  };
  return `${JSON.stringify(table, undefined, 2)}\n`;
}

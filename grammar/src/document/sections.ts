/** A chapter of the document: rules by name, each followed by the helpers that only it uses. */
export interface Section {
  readonly title: string;
  readonly comment: string;
  /** For a family of statements: the rule that stands for any of them. */
  readonly family?: string;
  readonly rules: readonly string[];
}

/** The chapters. A rule of the parser that is not listed follows the first rule that uses it. */
export const sections: readonly Section[] = [
  {
    title: 'Reading',
    family: 'Reading',
    comment:
      'Statements that return drops. A statement that begins with no keyword is a bare one: a route and a key get an entity, a route alone finds.',
    rules: ['Find', 'Get', 'List', 'Count', 'Search', 'Primitives', 'BareStatement'],
  },
  {
    title: 'Clauses and pipes',
    comment:
      'Clauses are a set: any order, each at most once, aggregates excepted. Pipes come after all clauses and apply from left to right.',
    rules: ['Clauses', 'Aggregate', 'AsOf', 'Where', 'Sort', 'Limit', 'Pipes'],
  },
  {
    title: 'Predicates and expressions',
    comment:
      'Precedence: `not`, then `and`, then `or`; `*`, `/` and `%`, then `+` and `-`. Operators between words need white space, for `-` and `/` may stand inside a word or a path.',
    rules: ['Predicate', 'Operand', 'FieldList', 'Field'],
  },
  {
    title: 'Writing',
    family: 'Writing',
    comment:
      'Statements that change drops. A colon means data (`price: 5`), no colon means an option (`price 5`).',
    rules: ['SaveStatement', 'Update', 'Remove', 'Add', 'Subtract', 'Bulk'],
  },
  {
    title: 'Defining',
    family: 'Defining',
    comment: 'Patterns of routes, and indexes.',
    rules: ['Define', 'Undefine', 'Validate', 'Patterns'],
  },
  {
    title: 'Access',
    family: 'Access',
    comment: 'Who may reach a route.',
    rules: ['Share', 'Unshare'],
  },
  {
    title: 'Automation',
    family: 'Automation',
    comment: 'Functions, webhooks and schedules.',
    rules: ['Run', 'Status', 'When', 'Webhooks', 'Webhook', 'Every', 'Cron', 'Schedules', 'Schedule'],
  },
  {
    title: 'Transfer',
    family: 'Transfer',
    comment: 'Statements about other statements and other languages.',
    rules: ['Export', 'Translate', 'Sql', 'Context', 'Explain'],
  },
  {
    title: 'Services',
    family: 'Services',
    comment: 'Mail, notifications, currencies, calendars and keys.',
    rules: [
      'Mail',
      'Push',
      'ValueStatement',
      'Event',
      'Events',
      'Rsvp',
      'Calendar',
      'Subkey',
      'KeyStatement',
    ],
  },
  {
    title: 'Payloads and values',
    comment:
      'In value position round brackets are an array, never grouping. Commas between pairs are optional; inside brackets they are not, and one more may stand at the end.',
    rules: ['Payload', 'Fields', 'Pairs', 'Member', 'MemberName', 'Value', 'Object', 'Array'],
  },
  {
    title: 'Routes, texts and numbers',
    comment: 'What names things. A parameter stands for a value, never for a route, a field or a keyword.',
    rules: ['Route', 'BareRoute', 'Text', 'Number'],
  },
];

/** What a rule alone cannot say: conditions of context. */
export const notes: ReadonlyMap<string, string> = new Map([
  [
    'BareStatement',
    'The last choice: any route that is not a statement keyword, or stands where that keyword makes no sense.',
  ],
  ['Clauses', '`as of` with a text or `tx` reads the past; any other `as` names a view.'],
  [
    'Aggregate',
    '`as` right behind an aggregate names its column. `count` takes no field; every other function takes one.',
  ],
  ['Predicate', '`between` takes the next `and` for itself.'],
  [
    'Condition',
    '`not` before an operator, and `(` around an operand, belong to the comparison: `not = 1`, `(a + b) > 3`.',
  ],
  [
    'Comparison',
    'A string that is tested is the name of a field. On the right of an operator a bare word is refused, except system columns: write `.name` for a field. `==` is read as `=`, with a warning.',
  ],
  ['Candidates', '`(` and `find` or `query` begin a subquery; anything else in `( )` is an array.'],
  ['Call', 'The bracket touches the name: `lower(name)`.'],
  ['Parenthesised', 'Brackets around a field or an operator group; around values alone they are an array.'],
  ['PathSteps', 'Each step touches what stands before it: `tags[0]`, `a.b`.'],
  [
    'SaveStatement',
    '`save public` alone is the policy. Before a path, or a word that is no member name, `public` is the option; otherwise it is the route.',
  ],
  ['WriteOptions', 'Each at most once. Like the options of every statement, they come after the payload.'],
  ['Principals', 'Only the first may be a bare word; a word after it is a mode.'],
  [
    'Explain',
    '`explain access` with nothing behind it, or with a clause, explains the route `access`. An `explain` cannot be explained.',
  ],
  ['Translate', 'The string holds one statement of this language.'],
  ['MoveValue', '`to` goes with `mint` and `transfer`.'],
  ['ReadValue', '`holder` goes with `balance`, `limit` with `ledger`.'],
  ['TimeOfDay', '`9`, `9am`, `9:30pm` or `14:30`.'],
  ['Cron', '`cron` alone lists the schedules.'],
  ['MemberName', 'A parameter here is the name of an operator: `$gte`.'],
  ['Payload', '`null` removes the entity and needs a key.'],
  ['BareRoute', 'At most 10 segments and 512 characters.'],
]);

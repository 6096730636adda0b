import { createToken, EmbeddedActionsParser, Lexer, type TokenType } from 'chevrotain';

/**
 * The yardstick: the least grammar in plain Chevrotain that accepts the benchmark's statements, building no tree.
 * What it costs is the floor that any front end on this library stands on.
 */
const Word = createToken({ name: 'Word', pattern: /[A-Za-z_][\w.-]*/ });
const keyword = (word: string): TokenType =>
  createToken({ name: `K_${word}`, pattern: new RegExp(word), longer_alt: Word, categories: [Word] });

const k = {
  find: keyword('find'),
  where: keyword('where'),
  and: keyword('and'),
  sort: keyword('sort'),
  desc: keyword('desc'),
  limit: keyword('limit'),
  group: keyword('group'),
  sum: keyword('sum'),
  count: keyword('count'),
  then: keyword('then'),
  pick: keyword('pick'),
};
const Space = createToken({ name: 'Space', pattern: /\s+/, group: Lexer.SKIPPED });
const Text = createToken({ name: 'Text', pattern: /"[^"]*"/ });
const Path = createToken({ name: 'Path', pattern: /[\w.-]+(?:\/[\w.-]+)+/ });
const NumberToken = createToken({ name: 'Number', pattern: /\d+(?:\.\d+)?/ });
const Operator = createToken({ name: 'Operator', pattern: /!=|>=|<=|=|<|>/ });
const Comma = createToken({ name: 'Comma', pattern: /,/ });
const tokens = [Space, Text, Path, NumberToken, ...Object.values(k), Word, Operator, Comma];

class BareParser extends EmbeddedActionsParser {
  constructor() {
    super(tokens, { skipValidations: true });
    this.performSelfAnalysis();
  }
  private readonly predicate = this.RULE('predicate', () => {
    this.CONSUME(Word);
    this.CONSUME(Operator);
    this.OR([{ ALT: () => this.CONSUME(Text) }, { ALT: () => this.CONSUME(NumberToken) }]);
  });
  private readonly names = this.RULE('names', () => {
    this.AT_LEAST_ONE_SEP({ SEP: Comma, DEF: () => this.CONSUME(Word) });
  });
  private readonly clause = this.RULE('clause', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(k.where);
          this.AT_LEAST_ONE_SEP({ SEP: k.and, DEF: () => this.SUBRULE(this.predicate) });
        },
      },
      {
        ALT: () => {
          this.CONSUME(k.sort);
          this.CONSUME1(Word);
          this.OPTION(() => this.CONSUME(k.desc));
        },
      },
      { ALT: () => (this.CONSUME(k.limit), this.CONSUME(NumberToken)) },
      { ALT: () => (this.CONSUME(k.group), this.CONSUME2(Word)) },
      { ALT: () => (this.CONSUME(k.sum), this.CONSUME3(Word)) },
      { ALT: () => this.CONSUME(k.count) },
    ]);
  });
  readonly find = this.RULE('find', () => {
    this.CONSUME(k.find);
    this.OR([{ ALT: () => this.CONSUME(Path) }, { ALT: () => this.CONSUME(Word) }]);
    this.MANY(() => this.SUBRULE(this.clause));
    this.OPTION(() => {
      this.CONSUME(k.then);
      this.CONSUME(k.pick);
      this.SUBRULE(this.names);
    });
  });
}

const lexer = new Lexer(tokens, { ensureOptimizations: true, positionTracking: 'onlyOffset' });
const parser = new BareParser();

/** Lexes and parses; throws when the text does not fit, so that a broken yardstick cannot look fast. */
export function bareParse(text: string): void {
  const { tokens: found, errors } = lexer.tokenize(text);
  parser.input = found;
  parser.find();
  if (errors.length + parser.errors.length > 0) throw new Error(`the yardstick does not accept: ${text}`);
}

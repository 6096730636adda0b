import type { Span } from '@drops/diagnostics';
import { EOF, tokenMatcher, type IToken } from 'chevrotain';
import type {
  ArithmeticOperator,
  ComparisonOperator,
  FieldName,
  Find,
  Operand,
  PathSegment,
  Predicate,
  TextMatchOperator,
  Value,
} from '../ast/index.js';
import * as T from '../tokens/token-types.js';
import { isSystemField, spanOf } from './base-parser.js';
import { combineArithmetic, combineLogic, type LogicWord } from './combine.js';
import { ValuesParser } from './values.js';

const comparisons: ReadonlyMap<string, ComparisonOperator> = new Map([
  ['=', '='],
  ['==', '='],
  ['!=', '!='],
  ['<', '<'],
  ['<=', '<='],
  ['>', '>'],
  ['>=', '>='],
]);
const arithmetic: ReadonlyMap<string, ArithmeticOperator> = new Map([
  ['+', '+'],
  ['-', '-'],
  ['*', '*'],
  ['/', '/'],
  ['%', '%'],
]);

/** Fields, arithmetic, functions and predicates. */
export abstract class ExpressionsParser extends ValuesParser {
  /** The query inside `in (find …)`. */
  abstract readonly subquery: () => Find;

  /** A field where nothing else can stand: `sort name`, `group .city`. */
  readonly field = this.RULE('field', (): FieldName => {
    const first = this.CONSUME(T.AnyField, { ERR_MSG: 'a field' });
    const steps = this.OPTION({ GATE: () => this.touches(), DEF: () => this.SUBRULE(this.steps) });
    return this.fieldFrom(first, steps);
  });

  /** `[0]`, `["odd name"]`, `.name` right behind a field. */
  private readonly steps = this.RULE('steps', (): PathSegment[] => {
    const path: PathSegment[] = [];
    this.MANY({
      GATE: () => this.touches(),
      DEF: () =>
        this.OR([
          {
            ALT: () => {
              this.CONSUME(T.LeftBracket);
              path.push(this.SUBRULE(this.step));
              this.CONSUME(T.RightBracket);
            },
          },
          { ALT: () => path.push(...this.pathOf(this.CONSUME(T.DotField))) },
        ]),
    });
    return path;
  });

  private readonly step = this.RULE('step', (): PathSegment => {
    return this.OR<PathSegment>({
      DEF: [
        { ALT: () => Number(this.CONSUME(T.NumberLiteral).image) },
        { ALT: () => this.textOf(this.CONSUME(T.StringLiteral)) },
      ],
      ERR_MSG: 'a number',
    });
  });

  private fieldFrom(first: IToken, steps: readonly PathSegment[] | undefined): FieldName {
    const path = this.pathOf(first);
    if (steps && !this.RECORDING_PHASE) path.push(...steps);
    return this.fieldNode(path, first.tokenType === T.DotField, this.spanFrom(first));
  }

  private pathOf(token: IToken): PathSegment[] {
    if (this.RECORDING_PHASE) return [];
    if (token.tokenType === T.StringLiteral) return [this.textOf(token)];
    const text = token.tokenType === T.DotField ? token.image.slice(1) : token.image;
    if (!text.includes('.')) return [text];
    const steps = text.split('.');
    if (steps.includes('')) {
      this.report('SYNTAX_ERROR', `the field \`${token.image}\` has an empty step between two dots`, {
        span: spanOf(token),
      });
    }
    return steps;
  }

  /** `a`, `price * 1.25`, `lower(name)`. Precedence is settled after the row of terms is read. */
  readonly operand = this.RULE('operand', (): Operand => {
    const first = this.SUBRULE(this.term);
    let operands: Operand[] | undefined;
    let operators: ArithmeticOperator[] | undefined;
    this.MANY(() => {
      const operator = this.CONSUME(T.Arithmetic);
      const next = this.SUBRULE2(this.term);
      (operands ??= [first]).push(next);
      (operators ??= []).push(arithmetic.get(operator.image) ?? '+');
    });
    return operands && operators && !this.RECORDING_PHASE ? combineArithmetic(operands, operators) : first;
  });

  private readonly term = this.RULE('term', (): Operand => {
    return this.OR({ DEF: this.termAlternatives, ERR_MSG: 'a field or a value' });
  });

  private readonly termAlternatives = [
    { ALT: (): Operand => this.stringNode(this.CONSUME(T.StringLiteral)) },
    { ALT: (): Operand => this.numberNode(this.CONSUME(T.NumberLiteral)) },
    { ALT: (): Operand => this.constantNode(this.CONSUME(T.role.constant)) },
    { ALT: (): Operand => this.parameterNode(this.CONSUME(T.Param)) },
    { ALT: (): Operand => this.SUBRULE(this.parenthesised) },
    { ALT: (): Operand => this.SUBRULE(this.namedTerm) },
    { ALT: (): Operand => this.SUBRULE(this.object) },
    { ALT: (): Operand => this.jsonNode(this.CONSUME(T.JsonLiteral)) },
    { ALT: (): Operand => this.SUBRULE(this.negated) },
  ];

  private readonly parenthesised = this.RULE('parenthesised', (): Operand => {
    return this.OR<Operand>([
      {
        GATE: () => this.is(T.LeftParen) && this.isGrouping(1),
        ALT: () => {
          this.CONSUME(T.LeftParen);
          const operand = this.SUBRULE(this.operand);
          this.CONSUME(T.RightParen);
          return operand;
        },
      },
      { ALT: () => this.SUBRULE(this.array) },
    ]);
  });

  private readonly negated = this.RULE('negated', (): Operand => {
    const minus = this.CONSUME(T.Minus);
    return this.OR<Operand>({
      DEF: [
        { ALT: () => this.numberNode(this.CONSUME(T.NumberLiteral), minus) },
        {
          ALT: () => {
            const right = this.SUBRULE(this.namedTerm);
            const left: Operand = { kind: 'NumberValue', value: 0, span: spanOf(minus) };
            return { kind: 'ArithmeticExpression', operator: '-', left, right, span: this.spanFrom(minus) };
          },
        },
      ],
      ERR_MSG: 'a number',
    });
  });

  /** A field or a call: a word is a function when `(` touches it. */
  private readonly namedTerm = this.RULE('namedTerm', (): Operand => {
    return this.OR<Operand>([
      { GATE: () => this.is(T.LeftParen, 2) && this.touches(2), ALT: () => this.SUBRULE(this.call) },
      { ALT: () => this.SUBRULE(this.namedField) },
    ]);
  });

  protected readonly namedField = this.RULE('namedField', (): FieldName => {
    const first = this.OR(this.fieldStarts);
    const steps = this.OPTION({ GATE: () => this.touches(), DEF: () => this.SUBRULE(this.steps) });
    return this.fieldFrom(first, steps);
  });

  private readonly fieldStarts = [
    { ALT: () => this.CONSUME(T.Name) },
    { ALT: () => this.CONSUME(T.DotField) },
  ];

  private readonly call = this.RULE('call', (): Operand => {
    const name = this.CONSUME(T.Name);
    const operands: Operand[] = [];
    this.CONSUME(T.LeftParen);
    this.MANY_SEP({ SEP: T.Comma, DEF: () => operands.push(this.SUBRULE(this.operand)) });
    this.CONSUME(T.RightParen);
    return { kind: 'CallExpression', name: name.image, arguments: operands, span: this.spanFrom(name) };
  });

  /** `a = 1 and not (b = 2 or c exists)`; `not` binds closest, then `and`, then `or`. */
  readonly predicate = this.RULE('predicate', (): Predicate => {
    const first = this.SUBRULE(this.condition);
    let terms: Predicate[] | undefined;
    let words: LogicWord[] | undefined;
    this.MANY(() => {
      const joint = this.OR([
        { ALT: () => this.CONSUME(T.word.and) },
        { ALT: () => this.CONSUME(T.word.or) },
      ]);
      const next = this.SUBRULE2(this.condition);
      (terms ??= [first]).push(next);
      (words ??= []).push(joint.image === 'or' ? 'or' : 'and');
    });
    return terms && words && !this.RECORDING_PHASE ? combineLogic(terms, words) : first;
  });

  private readonly condition = this.RULE('condition', (): Predicate => {
    let negations: IToken[] | undefined;
    this.MANY({
      GATE: () => this.isNegation(),
      DEF: () => (negations ??= []).push(this.CONSUME(T.word.not)),
    });
    let term = this.OR<Predicate>({
      ERR_MSG: 'a field or a value',
      DEF: [
        {
          GATE: () => this.is(T.LeftParen) && !this.isGroupedOperand(),
          ALT: () => {
            this.CONSUME(T.LeftParen);
            const inner = this.SUBRULE(this.predicate);
            this.CONSUME(T.RightParen);
            return inner;
          },
        },
        { ALT: () => this.SUBRULE(this.comparison) },
      ],
    });
    for (const not of negations?.reverse() ?? [])
      term = { kind: 'NotPredicate', term, span: this.spanFrom(not) };
    return term;
  });

  /** What is tested comes first; the test says how, and makes the node once both are known. */
  private readonly comparison = this.RULE('comparison', (): Predicate => {
    const first = this.LA(1);
    const left = this.subject(this.SUBRULE(this.operand), first);
    const test = this.OR({ DEF: this.tests, ERR_MSG: 'an operator' });
    return this.RECORDING_PHASE ? noPredicate : test(left, this.spanFrom(first));
  });

  private readonly tests = [
    { ALT: (): Test => this.SUBRULE(this.comparisonTest) },
    { ALT: (): Test => this.SUBRULE(this.textTest) },
    { ALT: (): Test => this.SUBRULE(this.inTest) },
    { ALT: (): Test => this.SUBRULE(this.existsTest) },
    { ALT: (): Test => this.SUBRULE(this.negatedTest) },
    { ALT: (): Test => this.SUBRULE(this.betweenTest) },
    { ALT: (): Test => this.SUBRULE(this.nullTest) },
  ];

  private readonly comparisonTest = this.RULE('comparisonTest', (): Test => {
    const token = this.CONSUME(T.Comparison);
    const right = this.SUBRULE(this.operand);
    const operator = comparisons.get(token.image) ?? '=';
    if (token.image === '==') {
      this.warn('SYNTAX_ERROR', 'equality is written `=`, not `==`', {
        span: spanOf(token),
        hint: 'write `=`',
      });
    }
    return (left, span) => {
      this.refuseBareWord(left, right);
      return { kind: 'ComparisonPredicate', operator, left, right, span };
    };
  });

  private readonly textTest = this.RULE('textTest', (): Test => {
    const operator = this.OR(this.textOperators);
    const right = this.SUBRULE(this.operand);
    return (left, span) => {
      this.refuseBareWord(left, right);
      return { kind: 'TextMatchPredicate', operator, left, right, span };
    };
  });

  private readonly textOperators = [
    {
      ALT: (): TextMatchOperator => {
        this.CONSUME(T.word.contains);
        return 'contains';
      },
    },
    {
      ALT: (): TextMatchOperator => {
        this.CONSUME(T.word.starts);
        this.CONSUME(T.word.with);
        return 'starts with';
      },
    },
    {
      ALT: (): TextMatchOperator => {
        this.CONSUME(T.word.ends);
        this.CONSUME2(T.word.with);
        return 'ends with';
      },
    },
  ];

  private readonly inTest = this.RULE('inTest', (): Test => {
    this.CONSUME(T.word.in);
    const list = this.SUBRULE(this.members);
    return (operand, span) => ({ kind: 'InPredicate', operand, negated: false, list, span });
  });

  /** The list after `in`: values, a parameter that holds them, or a query that finds them. */
  private readonly members = this.RULE('members', (): Value | Find => {
    return this.OR<Value | Find>({
      DEF: [
        {
          GATE: () => this.is(T.LeftParen) && this.isQueryWord(2),
          ALT: () => {
            this.CONSUME(T.LeftParen);
            const find = this.SUBRULE(this.subquery);
            this.CONSUME(T.RightParen);
            return find;
          },
        },
        { ALT: () => this.SUBRULE(this.array) },
        { ALT: () => this.jsonNode(this.CONSUME(T.JsonLiteral)) },
        { ALT: () => this.parameterNode(this.CONSUME(T.Param)) },
      ],
      ERR_MSG: 'a list in parentheses',
    });
  });

  private readonly existsTest = this.RULE('existsTest', (): Test => {
    this.CONSUME(T.word.exists);
    return (operand, span) => ({ kind: 'ExistsPredicate', operand, negated: false, span });
  });

  private readonly negatedTest = this.RULE('negatedTest', (): Test => {
    this.CONSUME(T.word.not);
    return this.OR<Test>({
      DEF: [
        {
          ALT: () => {
            this.CONSUME(T.word.in);
            const list = this.SUBRULE(this.members);
            return (operand, span) => ({ kind: 'InPredicate', operand, negated: true, list, span });
          },
        },
        {
          ALT: () => {
            this.CONSUME(T.word.exists);
            return (operand, span) => ({ kind: 'ExistsPredicate', operand, negated: true, span });
          },
        },
      ],
      ERR_MSG: '`in` or `exists`',
    });
  });

  /** `between` takes the next `and` for itself. */
  private readonly betweenTest = this.RULE('betweenTest', (): Test => {
    this.CONSUME(T.word.between);
    const low = this.SUBRULE(this.operand);
    this.CONSUME(T.word.and);
    const high = this.SUBRULE2(this.operand);
    return (operand, span) => {
      this.refuseBareWord(operand, low);
      this.refuseBareWord(operand, high);
      return { kind: 'BetweenPredicate', operand, low, high, span };
    };
  });

  private readonly nullTest = this.RULE('nullTest', (): Test => {
    this.CONSUME(T.word.is);
    let negated = false;
    this.OPTION(() => {
      this.CONSUME(T.word.not);
      negated = true;
    });
    this.CONSUME(T.word.null, { ERR_MSG: '`null`' });
    return (operand, span) => ({ kind: 'IsNullPredicate', operand, negated, span });
  });

  /** A string that is tested is the name of a field. */
  protected subject(operand: Operand, first: IToken): Operand {
    if (operand.kind !== 'StringValue' || this.RECORDING_PHASE) return operand;
    return this.fieldNode([operand.value], false, spanOf(first));
  }

  /** A lone word on the right is most likely a text without its quotes. */
  private refuseBareWord(left: Operand, right: Operand): void {
    if (right.kind !== 'FieldName' || right.payload || isLiteral(left)) return;
    const written = this.sourceOf(right.span);
    const [name] = right.path;
    if (!/^[A-Za-z0-9_]/.test(written) || written.startsWith('payload.') || written.includes('[')) return;
    if (typeof name === 'string' && isSystemField(name)) return;
    this.report('SYNTAX_ERROR', `a bare word is no value: \`${written}\``, {
      span: right.span,
      hint: `quote the text ("${written}"), or write \`.${written}\` for the field`,
    });
  }

  /** `not` is a field when an operator follows it that does not itself stand for a field. */
  private isNegation(): boolean {
    if (!this.is(T.word.not)) return false;
    if (this.is(T.Comparison, 2) || this.is(T.Arithmetic, 2)) return this.is(T.Minus, 2) && this.touches(3);
    const isCall = this.is(T.LeftParen, 3) && this.touches(3);
    return !this.isWordOperator(2) || isCall || this.isOperator(3);
  }

  private isOperator(ahead: number): boolean {
    return this.is(T.Comparison, ahead) || this.is(T.Arithmetic, ahead) || this.isWordOperator(ahead);
  }

  private isWordOperator(ahead: number): boolean {
    const token = this.LA(ahead);
    if (token.tokenType === T.word.not)
      return this.is(T.word.in, ahead + 1) || this.is(T.word.exists, ahead + 1);
    return (
      token.tokenType !== T.word.and && token.tokenType !== T.word.or && tokenMatcher(token, T.role.operator)
    );
  }

  private isQueryWord(ahead: number): boolean {
    return (this.is(T.word.find, ahead) || this.is(T.word.query, ahead)) && !this.is(T.Comma, ahead + 1);
  }

  /** How far ahead the bracket that closes the one at `ahead` stands. */
  private closing(ahead: number): number {
    let depth = 0;
    for (let at = ahead; ; at += 1) {
      const { tokenType } = this.LA(at);
      if (tokenType === EOF) return at;
      if (tokenType === T.LeftParen) depth += 1;
      if (tokenType === T.RightParen) depth -= 1;
      if (depth === 0) return at;
    }
  }

  /** Whether `(` at the start of a predicate opens an operand: `(a + b) > 3`. */
  private isGroupedOperand(): boolean {
    return this.isOperator(this.closing(1) + 1) && this.isGrouping(1);
  }

  /**
   * Whether `(` among operands groups them. `( )` around values alone is an array; a field or an
   * operator inside makes it arithmetic.
   */
  private isGrouping(ahead: number): boolean {
    const next = this.LA(ahead + 1).tokenType;
    if (next === T.LeftParen) {
      const after = this.closing(ahead + 1) + 1;
      return this.is(T.Arithmetic, after) || this.isGrouping(ahead + 1);
    }
    const from = next === T.Minus ? ahead + 2 : ahead + 1;
    if (this.is(T.Arithmetic, from + 1)) return true;
    return (this.is(T.Name, from) && !this.is(T.role.constant, from)) || this.is(T.DotField, from);
  }
}

type Test = (left: Operand, span: Span) => Predicate;

const nowhere: Span = { start: 0, end: 0 };
/** Stands for a predicate while Chevrotain records the grammar. */
const noPredicate: Predicate = {
  kind: 'ExistsPredicate',
  operand: { kind: 'NullValue', span: nowhere },
  negated: false,
  span: nowhere,
};

function isLiteral(operand: Operand): boolean {
  return operand.kind === 'NumberValue' || operand.kind === 'StringValue' || operand.kind === 'Parameter';
}

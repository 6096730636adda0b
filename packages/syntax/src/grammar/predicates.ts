import type { Span } from '@drops/diagnostics';
import { tokenMatcher, type IToken } from 'chevrotain';
import type { ComparisonOperator, Find, Operand, Predicate, TextMatchOperator, Value } from '../ast/index.js';
import * as T from '../tokens/token-types.js';
import { isSystemField, spanOf } from './base-parser.js';
import { combineLogic, type LogicWord } from './combine.js';
import { OperandsParser } from './operands.js';

const comparisons: ReadonlyMap<string, ComparisonOperator> = new Map([
  ['=', '='],
  ['==', '='],
  ['!=', '!='],
  ['<', '<'],
  ['<=', '<='],
  ['>', '>'],
  ['>=', '>='],
]);
/** Conditions. */
export abstract class PredicatesParser extends OperandsParser {
  /** The query inside `in (find …)`. */
  abstract readonly subquery: () => Find;

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
    // A field or a function may have the name of an operator: `not ends["a"] = 1`, `not contains("a") = 1`.
    const isName = (this.is(T.LeftParen, 3) || this.is(T.LeftBracket, 3)) && this.touches(3);
    return !this.isWordOperator(2) || isName || this.isOperator(3);
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

  /** Whether `(` at the start of a predicate opens an operand: `(a + b) > 3`. */
  private isGroupedOperand(): boolean {
    return this.isOperator(this.closing(1) + 1) && this.isGrouping(1);
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

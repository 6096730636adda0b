import { EOF, type IToken } from 'chevrotain';
import type { ArithmeticOperator, FieldName, Operand, PathSegment } from '../ast/index.js';
import * as T from '../tokens/token-types.js';
import { spanOf } from './base-parser.js';
import { combineArithmetic } from './combine.js';
import { ValuesParser } from './values.js';

const arithmetic: ReadonlyMap<string, ArithmeticOperator> = new Map([
  ['+', '+'],
  ['-', '-'],
  ['*', '*'],
  ['/', '/'],
  ['%', '%'],
]);

/** Fields, arithmetic and functions. */
export abstract class OperandsParser extends ValuesParser {
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

  /** A string that is tested is the name of a field. */
  protected subject(operand: Operand, first: IToken): Operand {
    if (operand.kind !== 'StringValue' || this.RECORDING_PHASE) return operand;
    return this.fieldNode([operand.value], false, spanOf(first));
  }

  /** How far ahead the bracket that closes the one at `ahead` stands. */
  protected closing(ahead: number): number {
    let depth = 0;
    for (let at = ahead; ; at += 1) {
      const { tokenType } = this.LA(at);
      if (tokenType === EOF) return at;
      if (tokenType === T.LeftParen) depth += 1;
      if (tokenType === T.RightParen) depth -= 1;
      if (depth === 0) return at;
    }
  }

  /**
   * Whether `(` among operands groups them. `( )` around values alone is an array; a field or an
   * operator inside makes it arithmetic.
   */
  protected isGrouping(ahead: number): boolean {
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

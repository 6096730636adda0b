import type { Span } from '@drops/diagnostics';
import type { IToken } from 'chevrotain';
import type {
  ArrayValue,
  KeyName,
  Member,
  NumberArgument,
  ObjectValue,
  RouteName,
  TextArgument,
  Value,
} from '../ast/index.js';
import { jsonOf } from '../tokens/large-literals.js';
import * as T from '../tokens/token-types.js';
import { BaseParser, spanOf } from './base-parser.js';

/** A value of at least 16 digits in JSON. */
const longInteger = /[:[,]\s*-?([0-9]{16,})(?=\s*[,\]}])/g;

/** Routes, keys, literals and payloads. */
export abstract class ValuesParser extends BaseParser {
  readonly route = this.RULE('route', (): RouteName => {
    const token = this.CONSUME(T.AnyRoute, { ERR_MSG: 'a route' });
    return this.routeNode(token);
  });

  /** A route where a string would mean something else. */
  readonly bareRoute = this.RULE('bareRoute', (): RouteName => {
    const token = this.CONSUME(T.BareRoute, { ERR_MSG: 'a route' });
    return this.routeNode(token);
  });

  readonly key = this.RULE('key', (): KeyName => this.keyNode(this.CONSUME(T.Key, { ERR_MSG: 'a key' })));

  readonly text = this.RULE('text', (): TextArgument => {
    return this.textNode(this.CONSUME(T.AnyText, { ERR_MSG: 'a text in quotes' }));
  });

  /** A number where the grammar wants one: `limit 10`, `keep $ttl`. */
  readonly number = this.RULE('number', (): NumberArgument => {
    return this.OR({ DEF: this.numberAlternatives, ERR_MSG: 'a number' });
  });

  private readonly numberAlternatives = [
    { ALT: (): NumberArgument => this.numberNode(this.CONSUME(T.NumberLiteral)) },
    { ALT: (): NumberArgument => this.parameterNode(this.CONSUME(T.Param)) },
    { ALT: (): NumberArgument => this.negativeNumber() },
  ];

  readonly value = this.RULE('value', (): Value => {
    return this.OR({ DEF: this.valueAlternatives, ERR_MSG: 'a value' });
  });

  private readonly valueAlternatives = [
    { ALT: (): Value => this.stringNode(this.CONSUME(T.StringLiteral)) },
    { ALT: (): Value => this.numberNode(this.CONSUME(T.NumberLiteral)) },
    { ALT: (): Value => this.constantNode(this.CONSUME(T.role.constant)) },
    { ALT: (): Value => this.parameterNode(this.CONSUME(T.Param)) },
    { ALT: (): Value => this.SUBRULE(this.object) },
    { ALT: (): Value => this.SUBRULE(this.array) },
    { ALT: (): Value => this.jsonNode(this.CONSUME(T.JsonLiteral)) },
    { ALT: (): Value => this.negativeNumber() },
  ];

  /** Braces, or what JSON.parse read of them. */
  readonly object = this.RULE('object', (): ObjectValue => {
    const first = this.LA(1);
    const members: Member[] = [];
    this.CONSUME(T.LeftBrace);
    this.OPTION(() => {
      members.push(this.SUBRULE(this.member));
      this.MANY({
        GATE: () => !this.is(T.RightBrace, 2),
        DEF: () => {
          this.CONSUME(T.Comma);
          members.push(this.SUBRULE2(this.member));
        },
      });
      this.OPTION2(() => this.CONSUME2(T.Comma));
    });
    this.CONSUME(T.RightBrace);
    return { kind: 'ObjectValue', members, span: this.spanFrom(first) };
  });

  readonly member = this.RULE('member', (): Member => {
    const name = this.CONSUME(T.MemberName, { ERR_MSG: 'a name and `:`' });
    this.CONSUME(T.Colon);
    const value = this.SUBRULE(this.value);
    return { name: this.memberName(name), value, span: this.spanFrom(name) };
  });

  readonly array = this.RULE('array', (): ArrayValue => {
    const first = this.LA(1);
    const items = this.OR(this.arrayAlternatives);
    return { kind: 'ArrayValue', items, span: this.spanFrom(first) };
  });

  private readonly arrayAlternatives = [
    {
      ALT: (): Value[] => {
        this.CONSUME(T.LeftParen);
        const items = this.SUBRULE(this.items);
        this.CONSUME(T.RightParen);
        return items;
      },
    },
    {
      ALT: (): Value[] => {
        this.CONSUME(T.LeftBracket);
        const items = this.SUBRULE2(this.items);
        this.CONSUME(T.RightBracket);
        return items;
      },
    },
  ];

  private readonly items = this.RULE('items', (): Value[] => {
    const items: Value[] = [];
    this.OPTION(() => {
      items.push(this.SUBRULE(this.value));
      this.MANY({
        GATE: () => !this.is(T.RightParen, 2) && !this.is(T.RightBracket, 2),
        DEF: () => {
          this.CONSUME(T.Comma);
          items.push(this.SUBRULE2(this.value));
        },
      });
      this.OPTION2(() => this.CONSUME2(T.Comma));
    });
    return items;
  });

  /** `name: "Alice" age: 30`: an object without braces. */
  readonly pairs = this.RULE('pairs', (): ObjectValue => {
    const first = this.LA(1);
    const members = [this.SUBRULE(this.member)];
    this.MANY({
      GATE: () => !this.is(T.Comma) || this.is(T.MemberName, 2),
      DEF: () => {
        this.OPTION(() => this.CONSUME(T.Comma));
        members.push(this.SUBRULE2(this.member));
      },
    });
    return { kind: 'ObjectValue', members, span: this.spanFrom(first) };
  });

  readonly payload = this.RULE('payload', (): Value => {
    return this.OR({ DEF: this.payloadAlternatives, ERR_MSG: 'a payload' });
  });

  private readonly payloadAlternatives = [
    { ALT: (): Value => this.SUBRULE(this.pairs) },
    { ALT: (): Value => this.SUBRULE(this.object) },
    { ALT: (): Value => this.SUBRULE(this.array) },
    { ALT: (): Value => this.jsonNode(this.CONSUME(T.JsonLiteral)) },
    { ALT: (): Value => this.stringNode(this.CONSUME(T.StringLiteral)) },
    { ALT: (): Value => this.constantNode(this.CONSUME(T.word.null)) },
    { ALT: (): Value => this.parameterNode(this.CONSUME(T.Param)) },
  ];

  /** Pairs or braces, where only names and values make sense. */
  readonly fieldsOfPayload = this.RULE('fieldsOfPayload', (): Value => {
    return this.OR({ DEF: this.fieldsAlternatives, ERR_MSG: 'fields' });
  });

  private readonly fieldsAlternatives = [
    { ALT: (): Value => this.SUBRULE(this.pairs) },
    { ALT: (): Value => this.SUBRULE(this.object) },
    { ALT: (): Value => this.jsonNode(this.CONSUME(T.JsonLiteral)) },
    { ALT: (): Value => this.parameterNode(this.CONSUME(T.Param)) },
  ];

  private negativeNumber(): NumberArgument {
    const minus = this.CONSUME(T.Minus);
    const digits = this.CONSUME2(T.NumberLiteral, { ERR_MSG: 'a number' });
    return this.numberNode(digits, minus);
  }

  protected numberNode(token: IToken, minus?: IToken): NumberArgument {
    const magnitude = Number(token.image);
    const span = { start: (minus ?? token).startOffset, end: spanOf(token).end };
    if (magnitude === Infinity) {
      this.report('TYPE_ERROR', `the number ${shorten(token.image)} is too large to be stored`, {
        span,
        hint: 'numbers are 64-bit floating point, up to about 1.8e308; longer ones can be strings',
      });
    } else if (magnitude > Number.MAX_SAFE_INTEGER && /^[0-9]+$/.test(token.image)) {
      this.warnOfRounding(token.image, span);
    }
    return { kind: 'NumberValue', value: minus && magnitude !== 0 ? -magnitude : magnitude, span };
  }

  protected parameterNode(token: IToken): NumberArgument & { readonly kind: 'Parameter' } {
    return { kind: 'Parameter', name: token.image.slice(1), span: spanOf(token) };
  }

  protected constantNode(token: IToken): Value {
    const span = spanOf(token);
    if (token.image === 'null') return { kind: 'NullValue', span };
    return { kind: 'BooleanValue', value: token.image === 'true', span };
  }

  protected jsonNode(token: IToken): Value {
    if (!this.RECORDING_PHASE) this.warnOfLongInteger(token);
    return { kind: 'JsonValue', value: jsonOf(token), span: spanOf(token) };
  }

  /** Integers that JSON.parse has rounded; the first is shown. */
  private warnOfLongInteger(token: IToken): void {
    for (const match of token.image.matchAll(longInteger)) {
      const digits = match[1] ?? '';
      if (Number(digits) <= Number.MAX_SAFE_INTEGER) continue;
      const start = token.startOffset + match.index + match[0].length - digits.length;
      this.warnOfRounding(digits, { start, end: start + digits.length });
      return;
    }
  }

  private warnOfRounding(digits: string, span: Span): void {
    const message = `integers beyond 2^53 are rounded: ${shorten(digits)} is stored as ${Number(digits)}`;
    this.warn('TYPE_ERROR', message, { span, hint: 'a string keeps every digit' });
  }

  protected memberName(token: IToken): string {
    if (token.tokenType === T.StringLabel) return this.textOf(token);
    if (token.image.includes('.') && !this.RECORDING_PHASE) {
      this.report(
        'SYNTAX_ERROR',
        `the name \`${token.image}\` holds a dot, which is ambiguous before \`:\``,
        {
          span: spanOf(token),
          hint: `quote it for a name with a dot ("${token.image}": …), or nest objects`,
        },
      );
    }
    return token.image;
  }
}

function shorten(digits: string): string {
  return digits.length <= 24 ? digits : `${digits.slice(0, 20)}…`;
}

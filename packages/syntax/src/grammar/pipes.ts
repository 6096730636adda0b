import type { IToken } from 'chevrotain';
import type {
  FieldName,
  KeyName,
  NumberArgument,
  PickItem,
  Pipe,
  SendEmailPipe,
  Value,
} from '../ast/index.js';
import * as T from '../tokens/token-types.js';
import { spanOf } from './base-parser.js';
import { ClausesParser } from './clauses.js';

type EmailPart = 'to' | 'subject' | 'body';
const emailParts: ReadonlyMap<string, EmailPart> = new Map([
  ['to', 'to'],
  ['subject', 'subject'],
  ['body', 'body'],
]);

/** What follows `then`: steps that apply left to right, after all clauses. */
export abstract class PipesParser extends ClausesParser {
  readonly pipes = this.RULE('pipes', (): Pipe[] => {
    const pipes: Pipe[] = [];
    this.MANY(() => {
      this.OR([{ ALT: () => this.CONSUME(T.word.then) }, { ALT: () => this.CONSUME(T.Bar) }]);
      pipes.push(this.SUBRULE(this.pipe));
    });
    return pipes;
  });

  private readonly pipe = this.RULE('pipe', (): Pipe => {
    return this.OR({ DEF: this.pipeAlternatives, ERR_MSG: 'an action' });
  });

  private readonly pipeAlternatives = [
    { ALT: (): Pipe => this.SUBRULE(this.pick) },
    { ALT: (): Pipe => this.SUBRULE(this.first) },
    { ALT: (): Pipe => ({ kind: 'CountPipe', span: spanOf(this.CONSUME(T.word.count)) }) },
    { ALT: (): Pipe => this.SUBRULE(this.sortPipe) },
    { ALT: (): Pipe => this.SUBRULE(this.limitPipe) },
    { ALT: (): Pipe => this.SUBRULE(this.skipPipe) },
    { ALT: (): Pipe => this.SUBRULE(this.wherePipe) },
    { ALT: (): Pipe => ({ kind: 'RemovePipe', span: spanOf(this.CONSUME(T.word.remove)) }) },
    { ALT: (): Pipe => ({ kind: 'RemovePipe', span: spanOf(this.CONSUME(T.word.delete)) }) },
    { ALT: (): Pipe => this.SUBRULE(this.savePipe) },
    { ALT: (): Pipe => this.SUBRULE(this.sendEmail) },
  ];

  private readonly pick = this.RULE('pick', (): Pipe => {
    const first = this.LA(1);
    const items: PickItem[] = [];
    this.OR([{ ALT: () => this.CONSUME(T.word.pick) }, { ALT: () => this.CONSUME(T.word.pluck) }]);
    this.AT_LEAST_ONE_SEP({
      SEP: T.Comma,
      DEF: () => items.push(this.SUBRULE(this.item)),
      ERR_MSG: 'a field or `*`',
    });
    return { kind: 'PickPipe', items, span: this.spanFrom(first) };
  });

  private readonly item = this.RULE('item', (): PickItem => {
    return this.OR<PickItem>({
      DEF: [
        { ALT: () => ({ kind: 'PickItem', value: '*', span: spanOf(this.CONSUME(T.Star)) }) },
        { ALT: () => this.SUBRULE(this.labelledItem) },
        { ALT: () => this.SUBRULE(this.plainItem) },
      ],
      ERR_MSG: 'a field or `*`',
    });
  });

  private readonly labelledItem = this.RULE('labelledItem', (): PickItem => {
    const name = this.CONSUME(T.MemberName);
    this.CONSUME(T.Colon);
    const value = this.SUBRULE(this.operand);
    return { kind: 'PickItem', value, alias: this.labelText(name), span: this.spanFrom(name) };
  });

  private readonly plainItem = this.RULE('plainItem', (): PickItem => {
    const first = this.LA(1);
    const value = this.subject(this.SUBRULE(this.operand), first);
    const alias = this.OPTION(() => {
      this.CONSUME(T.word.as);
      return this.CONSUME(T.Name, { ERR_MSG: 'a name for the column' });
    });
    return { kind: 'PickItem', value, ...(alias && { alias: alias.image }), span: this.spanFrom(first) };
  });

  protected labelText(token: IToken): string {
    return token.tokenType === T.StringLabel ? this.textOf(token) : token.image;
  }

  private readonly first = this.RULE('first', (): Pipe => {
    const token = this.CONSUME(T.word.first);
    const count = this.OPTION((): NumberArgument => this.checkWhole('first', this.SUBRULE(this.number)));
    return { kind: 'FirstPipe', ...(count && { count }), span: this.spanFrom(token) };
  });

  private readonly sortPipe = this.RULE('sortPipe', (): Pipe => {
    const first = this.LA(1);
    const keys = this.SUBRULE(this.sort);
    return { kind: 'SortPipe', keys, span: this.spanFrom(first) };
  });

  private readonly limitPipe = this.RULE('limitPipe', (): Pipe => {
    const first = this.LA(1);
    const count = this.SUBRULE(this.limit);
    return { kind: 'LimitPipe', count, span: this.spanFrom(first) };
  });

  private readonly skipPipe = this.RULE('skipPipe', (): Pipe => {
    const first = this.LA(1);
    const count = this.SUBRULE(this.skip);
    return { kind: 'SkipPipe', count, span: this.spanFrom(first) };
  });

  private readonly wherePipe = this.RULE('wherePipe', (): Pipe => {
    const first = this.LA(1);
    const predicate = this.SUBRULE(this.where);
    return { kind: 'WherePipe', predicate, span: this.spanFrom(first) };
  });

  private readonly savePipe = this.RULE('savePipe', (): Pipe => {
    const first = this.OR([
      { ALT: () => this.CONSUME(T.word.save) },
      { ALT: () => this.CONSUME(T.word.write) },
    ]);
    const route = this.SUBRULE(this.route);
    const key = this.OPTION((): KeyName => this.SUBRULE(this.key));
    return { kind: 'SavePipe', route, ...(key && { key }), span: this.spanFrom(first) };
  });

  /** Each operand is a text or a field of the row: in `to email`, the second word is a field. */
  private readonly sendEmail = this.RULE('sendEmail', (): SendEmailPipe => {
    const first = this.CONSUME(T.word.send);
    const parts = new Map<EmailPart, Value | FieldName>();
    this.CONSUME(T.word.email);
    this.MANY(() => {
      const name = this.CONSUME(T.role.emailPart);
      const operand = this.SUBRULE(this.mailOperand);
      const part = emailParts.get(name.image);
      const before = part && parts.get(part);
      if (before) this.reportRepeat(name.image, spanOf(name), before.span);
      if (part) parts.set(part, operand);
    });
    return { kind: 'SendEmailPipe', ...Object.fromEntries(parts), span: this.spanFrom(first) };
  });

  private readonly mailOperand = this.RULE('mailOperand', (): Value | FieldName => {
    return this.OR<Value | FieldName>({
      DEF: [
        { ALT: () => this.textNode(this.CONSUME(T.AnyText)) },
        { ALT: () => this.SUBRULE(this.array) },
        { ALT: () => this.SUBRULE(this.namedField) },
      ],
      ERR_MSG: 'a text in quotes or a field',
    });
  });
}

import type { Span } from '@drops/diagnostics';
import type {
  Add,
  Bulk,
  KeyName,
  NumberArgument,
  Remove,
  Save,
  Update,
  Value,
  Write,
  WriteCondition,
  WriteOptions,
  WritePublic,
} from '../ast/index.js';
import { maximalBulk } from '../limits.js';
import * as T from '../tokens/token-types.js';
import { spanOf } from './base-parser.js';
import { QueriesParser } from './queries.js';

type WriteOption =
  | { readonly part: 'keep' | 'price'; readonly value: NumberArgument }
  | { readonly part: 'open'; readonly value: true }
  | { readonly part: 'condition'; readonly value: WriteCondition };

const optionNames = { keep: 'keep', price: 'price', open: 'public', condition: 'if' } as const;

/** Statements that write drops. */
export abstract class WritesParser extends QueriesParser {
  /** `write public` alone is a policy; with a route behind it, `public` belongs to that write. */
  readonly saveOrPolicy = this.RULE('saveOrPolicy', (): Save | WritePublic => {
    return this.OR<Save | WritePublic>([
      {
        GATE: () => this.is(T.word.public, 2) && this.atEnd(3),
        ALT: () => {
          const first = this.SUBRULE(this.saveWord);
          this.CONSUME(T.word.public);
          return { kind: 'WritePublic', span: this.spanFrom(first) };
        },
      },
      { ALT: () => this.SUBRULE(this.save) },
    ]);
  });

  protected readonly saveWord = this.RULE('saveWord', () => {
    return this.OR([{ ALT: () => this.CONSUME(T.word.save) }, { ALT: () => this.CONSUME(T.word.write) }]);
  });

  readonly save = this.RULE('save', (): Save => {
    const first = this.SUBRULE(this.saveWord);
    const open = this.OPTION({
      GATE: () => this.is(T.Path, 2) || this.is(T.Name, 2),
      DEF: () => this.CONSUME(T.word.public),
    });
    const route = this.SUBRULE(this.bareRoute);
    const key = this.OPTION2((): KeyName => this.SUBRULE(this.key));
    const payload = this.SUBRULE(this.payload);
    const options = this.SUBRULE(this.writeOptions, { ARGS: [open !== undefined] });
    if (!this.RECORDING_PHASE) {
      this.checkTombstone(payload, key);
      this.checkPrice(payload, options);
    }
    return { kind: 'Save', route, ...(key && { key }), payload, options, span: this.spanFrom(first) };
  });

  private checkTombstone(payload: Value, key: KeyName | undefined): void {
    if (payload.kind !== 'NullValue' || key) return;
    this.report('KEY_REQUIRED', 'a payload of `null` removes an entity, so it needs a key', {
      span: payload.span,
      hint: 'write the key before it: `save route @key null`',
    });
  }

  /** A colon means data, no colon means an option; both with different numbers is most likely a mistake. */
  private checkPrice(payload: Value, options: WriteOptions): void {
    if (payload.kind !== 'ObjectValue' || options.price?.kind !== 'NumberValue') return;
    const { value: price } = options.price;
    const member = payload.members.find(
      (one) => one.name === 'price' && one.value.kind === 'NumberValue' && one.value.value !== price,
    );
    if (!member) return;
    this.warn('SYNTAX_ERROR', '`price:` is a field and `price` the price of the drop, and they differ', {
      span: member.span,
      hint: 'only `price` without a colon prices the drop',
    });
  }

  readonly writeOptions = this.RULE('writeOptions', (open: boolean): WriteOptions => {
    const options: { -readonly [K in keyof WriteOptions]: WriteOptions[K] } = open ? { open: true } : {};
    const places = new Map<string, Span>();
    this.MANY(() => {
      const first = this.LA(1);
      const option = this.OR(this.writeOptionAlternatives);
      if (this.RECORDING_PHASE) return;
      const before = places.get(option.part);
      if (before) this.reportRepeat(optionNames[option.part], spanOf(first), before);
      else places.set(option.part, this.spanFrom(first));
      Object.assign(options, { [option.part]: option.value });
    });
    return options;
  });

  private readonly writeOptionAlternatives = [
    {
      ALT: (): WriteOption => {
        this.CONSUME(T.word.keep);
        return { part: 'keep', value: this.SUBRULE(this.number) };
      },
    },
    {
      ALT: (): WriteOption => {
        this.CONSUME(T.word.price);
        return { part: 'price', value: this.SUBRULE2(this.number) };
      },
    },
    {
      ALT: (): WriteOption => {
        this.CONSUME(T.word.public);
        return { part: 'open', value: true };
      },
    },
    { ALT: (): WriteOption => ({ part: 'condition', value: this.SUBRULE(this.writeCondition) }) },
  ];

  /** `if version = 3`, `if absent`. */
  protected readonly writeCondition = this.RULE('writeCondition', (): WriteCondition => {
    const first = this.CONSUME(T.word.if);
    return this.OR<WriteCondition>({
      DEF: [
        {
          ALT: () => {
            this.CONSUME(T.word.version);
            this.CONSUME(T.Equal);
            const version = this.checkWhole('version', this.SUBRULE(this.number));
            return { kind: 'IfVersion', version, span: this.spanFrom(first) };
          },
        },
        {
          ALT: () => {
            this.CONSUME(T.word.absent);
            return { kind: 'IfAbsent', span: this.spanFrom(first) };
          },
        },
      ],
      ERR_MSG: '`version = n` or `absent`',
    });
  });

  readonly update = this.RULE('update', (): Update => {
    const first = this.OR([
      { ALT: () => this.CONSUME(T.word.update) },
      { ALT: () => this.CONSUME(T.word.patch) },
    ]);
    const route = this.SUBRULE(this.route);
    const key = this.SUBRULE(this.key);
    const payload = this.SUBRULE(this.fieldsOfPayload);
    const options = this.SUBRULE(this.writeOptions, { ARGS: [false] });
    if (!this.RECORDING_PHASE) this.checkPrice(payload, options);
    return { kind: 'Update', route, key, payload, options, span: this.spanFrom(first) };
  });

  readonly remove = this.RULE('remove', (): Remove => {
    const first = this.OR([
      { ALT: () => this.CONSUME(T.word.remove) },
      { ALT: () => this.CONSUME(T.word.delete) },
    ]);
    const route = this.SUBRULE(this.route);
    const key = this.SUBRULE(this.key);
    const condition = this.OPTION((): WriteCondition => this.SUBRULE(this.writeCondition));
    return { kind: 'Remove', route, key, ...(condition && { condition }), span: this.spanFrom(first) };
  });

  readonly add = this.RULE('add', (): Add => {
    const first = this.CONSUME(T.word.add);
    const amount = this.SUBRULE(this.number);
    this.CONSUME(T.word.to);
    const route = this.SUBRULE(this.route);
    const key = this.SUBRULE(this.key);
    const field = this.SUBRULE(this.field);
    return { kind: 'Add', negative: false, amount, route, key, field, span: this.spanFrom(first) };
  });

  readonly subtract = this.RULE('subtract', (): Add => {
    const first = this.CONSUME(T.word.subtract);
    const amount = this.SUBRULE(this.number);
    this.CONSUME(T.word.from);
    const route = this.SUBRULE(this.route);
    const key = this.SUBRULE(this.key);
    const field = this.SUBRULE(this.field);
    return { kind: 'Add', negative: true, amount, route, key, field, span: this.spanFrom(first) };
  });

  readonly bulk = this.RULE('bulk', (): Bulk => {
    const first = this.CONSUME(T.word.bulk);
    const writes = this.OR({ DEF: this.bulkAlternatives, ERR_MSG: '`(` and the writes' });
    const excess = writes[maximalBulk];
    if (excess) {
      this.report(
        'BATCH_TOO_LARGE',
        `a bulk holds at most ${maximalBulk} writes, this one has ${writes.length}`,
        {
          span: { start: excess.span.start, end: Math.min(excess.span.end, excess.span.start + 8) },
          hint: 'split it into several bulks',
        },
      );
    }
    return { kind: 'Bulk', writes, span: this.spanFrom(first) };
  });

  private readonly bulkAlternatives = [
    {
      ALT: (): Write[] => {
        this.CONSUME(T.LeftParen);
        const writes = this.SUBRULE(this.writes);
        this.CONSUME(T.RightParen);
        return writes;
      },
    },
    {
      ALT: (): Write[] => {
        this.CONSUME(T.LeftBracket);
        const writes = this.SUBRULE2(this.writes);
        this.CONSUME(T.RightBracket);
        return writes;
      },
    },
  ];

  private readonly writes = this.RULE('writes', (): Write[] => {
    const writes: Write[] = [];
    writes.push(this.SUBRULE(this.write));
    this.MANY({
      GATE: () => !this.is(T.RightParen, 2) && !this.is(T.RightBracket, 2),
      DEF: () => {
        this.CONSUME(T.Comma);
        writes.push(this.SUBRULE2(this.write));
      },
    });
    this.OPTION(() => this.CONSUME2(T.Comma));
    return writes;
  });

  private readonly write = this.RULE('write', (): Write => {
    return this.OR({ DEF: this.writeAlternatives, ERR_MSG: 'a write' });
  });

  private readonly writeAlternatives = [
    { ALT: (): Write => this.SUBRULE(this.save) },
    { ALT: (): Write => this.SUBRULE(this.update) },
    { ALT: (): Write => this.SUBRULE(this.remove) },
    { ALT: (): Write => this.SUBRULE(this.add) },
    { ALT: (): Write => this.SUBRULE(this.subtract) },
  ];
}

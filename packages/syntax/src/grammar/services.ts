import type { IToken } from 'chevrotain';
import type { KeyName, RouteName, Service, ServiceArgument, ServiceName, Value } from '../ast/index.js';
import * as T from '../tokens/token-types.js';
import { spanOf } from './base-parser.js';
import { membersOf } from './members-of.js';
import { TransferParser } from './transfer.js';

/** A verb with what was given to it; the statement around it names the service. */
interface Call {
  readonly verb: string;
  readonly arguments: readonly ServiceArgument[];
  readonly route?: RouteName;
  readonly key?: KeyName;
}

/** Mail, push, value, calendar, subkey and key: one node for all of them. */
export abstract class ServicesParser extends TransferParser {
  private serviceNode(service: ServiceName, call: Call, first: IToken): Service {
    return { kind: 'Service', service, ...call, span: this.spanFrom(first) };
  }

  private argument(name: string, value: Value): ServiceArgument {
    return { kind: 'ServiceArgument', name, value, span: value.span };
  }

  /** Adds `name value`; a name given before is an error that shows both places. */
  private addOption(options: ServiceArgument[], name: IToken, value: Value): void {
    const span = this.spanFrom(name);
    const before = options.find((one) => one.name === name.image);
    if (before) this.reportRepeat(name.image, spanOf(name), before.span);
    options.push({ kind: 'ServiceArgument', name: name.image, value, span });
  }

  /** The members of braces or pairs as arguments. */
  private argumentsOf(fields: Value): ServiceArgument[] {
    if (this.RECORDING_PHASE) return [];
    if (fields.kind === 'Parameter') {
      this.report(
        'SYNTAX_ERROR',
        'the fields of this statement are written out; a parameter can stand for each value',
        {
          span: fields.span,
          hint: 'write `name: $value` for each field',
        },
      );
    }
    return membersOf(fields).map(({ name, value, span }) => ({ kind: 'ServiceArgument', name, value, span }));
  }

  readonly mail = this.RULE('mail', (): Service => {
    const first = this.CONSUME(T.word.mail);
    const call = this.OR({ DEF: this.mailCalls, ERR_MSG: '`to`, `claim` or `domain add`' });
    return this.serviceNode('mail', call, first);
  });

  private readonly mailCalls = [
    {
      ALT: (): Call => {
        this.CONSUME(T.word.claim);
        return { verb: 'claim', arguments: [this.argument('username', this.SUBRULE(this.text))] };
      },
    },
    {
      ALT: (): Call => {
        this.CONSUME(T.word.domain);
        this.CONSUME(T.word.add);
        return { verb: 'domain_add', arguments: [this.argument('domain', this.SUBRULE2(this.text))] };
      },
    },
    { ALT: (): Call => ({ verb: 'send', arguments: this.SUBRULE(this.mailOptions) }) },
  ];

  private readonly mailOptions = this.RULE('mailOptions', (): ServiceArgument[] => {
    const options: ServiceArgument[] = [];
    this.AT_LEAST_ONE({
      DEF: () => this.addOption(options, this.CONSUME(T.role.mailOption), this.SUBRULE(this.value)),
    });
    return options;
  });

  readonly push = this.RULE('push', (): Service => {
    const first = this.CONSUME(T.word.push);
    const call = this.OR({
      DEF: this.pushCalls,
      ERR_MSG: 'a title in quotes, `send`, `subscribe`, `subscriptions` or `unsubscribe`',
    });
    return this.serviceNode('push', call, first);
  });

  private readonly pushCalls = [
    {
      ALT: (): Call => {
        this.CONSUME(T.word.send);
        return { verb: 'send', arguments: this.argumentsOf(this.SUBRULE(this.fieldsOfPayload)) };
      },
    },
    {
      ALT: (): Call => {
        this.CONSUME(T.word.subscribe);
        return { verb: 'subscribe', arguments: [], route: this.SUBRULE(this.route) };
      },
    },
    {
      ALT: (): Call => {
        this.CONSUME(T.word.subscriptions);
        return { verb: 'subscriptions', arguments: [] };
      },
    },
    {
      ALT: (): Call => {
        this.CONSUME(T.word.unsubscribe);
        return { verb: 'unsubscribe', arguments: [this.argument('id', this.SUBRULE(this.text))] };
      },
    },
    { ALT: (): Call => ({ verb: 'send', arguments: this.SUBRULE(this.pushOptions) }) },
  ];

  private readonly pushOptions = this.RULE('pushOptions', (): ServiceArgument[] => {
    const options = [this.argument('title', this.SUBRULE(this.text))];
    this.MANY(() => this.addOption(options, this.CONSUME(T.role.pushOption), this.SUBRULE(this.value)));
    return options;
  });

  readonly valueStatement = this.RULE('valueStatement', (): Service => {
    const first = this.CONSUME(T.word.value);
    const call = this.OR({ DEF: this.valueCalls, ERR_MSG: 'a verb of `value`' });
    return this.serviceNode('value', call, first);
  });

  private readonly valueCalls = [
    {
      ALT: (): Call => {
        this.CONSUME(T.word.create);
        return { verb: 'create', arguments: this.SUBRULE(this.newCurrency) };
      },
    },
    { ALT: (): Call => this.SUBRULE(this.moveCurrency) },
    { ALT: (): Call => this.SUBRULE(this.readCurrency) },
    {
      ALT: (): Call => {
        const verb = this.CONSUME(T.word.currencies).image;
        const creator = this.OPTION(() => {
          this.CONSUME(T.word.creator);
          return this.argument('creator', this.SUBRULE(this.text));
        });
        return { verb, arguments: creator ? [creator] : [] };
      },
    },
  ];

  private readonly newCurrency = this.RULE('newCurrency', (): ServiceArgument[] => {
    const options = [this.argument('id', this.SUBRULE(this.text))];
    this.MANY(() => this.addOption(options, this.CONSUME(T.role.currencyOption), this.SUBRULE(this.value)));
    return options;
  });

  /** `mint`, `transfer` and `burn` move an amount of a currency. */
  private readonly moveCurrency = this.RULE('moveCurrency', (): Call => {
    const verb = this.OR({
      DEF: [
        { ALT: () => this.CONSUME(T.word.mint) },
        { ALT: () => this.CONSUME(T.word.transfer) },
        { ALT: () => this.CONSUME(T.word.burn) },
      ],
    });
    const currency = this.argument('currency', this.SUBRULE(this.text));
    const amount = this.argument('amount', this.SUBRULE(this.number));
    const to = this.OPTION({
      GATE: () => verb.tokenType !== T.word.burn,
      DEF: () => {
        this.CONSUME(T.word.to);
        return this.argument('to', this.SUBRULE2(this.text));
      },
    });
    return { verb: verb.image, arguments: [currency, amount, ...(to ? [to] : [])] };
  });

  private readonly readCurrency = this.RULE('readCurrency', (): Call => {
    const verb = this.OR([
      { ALT: () => this.CONSUME(T.word.balance) },
      { ALT: () => this.CONSUME(T.word.supply) },
      { ALT: () => this.CONSUME(T.word.holders) },
      { ALT: () => this.CONSUME(T.word.ledger) },
    ]);
    const currency = this.argument('currency', this.SUBRULE(this.text));
    const holder = this.OPTION({
      GATE: () => verb.tokenType === T.word.balance,
      DEF: () => {
        this.CONSUME(T.word.holder);
        return this.argument('holder', this.SUBRULE2(this.text));
      },
    });
    const limit = this.OPTION2({
      GATE: () => verb.tokenType === T.word.ledger,
      DEF: () => this.argument('limit', this.SUBRULE(this.limit)),
    });
    return {
      verb: verb.image,
      arguments: [currency, ...(holder ? [holder] : []), ...(limit ? [limit] : [])],
    };
  });

  /** An event is written with its known fields like clauses, or with any fields as data. */
  readonly event = this.RULE('event', (): Service => {
    const first = this.CONSUME(T.word.event);
    const route = this.SUBRULE(this.route);
    const key = this.OPTION((): KeyName => this.SUBRULE(this.key));
    const fields = this.OR({
      DEF: [
        { ALT: () => this.argumentsOf(this.SUBRULE(this.object)) },
        { ALT: () => this.argumentsOf(this.jsonNode(this.CONSUME(T.JsonLiteral))) },
        { ALT: () => this.SUBRULE(this.eventFields) },
      ],
      ERR_MSG: 'the fields of the event',
    });
    return this.serviceNode(
      'calendar',
      { verb: 'event', arguments: fields, route, ...(key && { key }) },
      first,
    );
  });

  private readonly eventFields = this.RULE('eventFields', (): ServiceArgument[] => {
    const fields: ServiceArgument[] = [];
    this.AT_LEAST_ONE(() =>
      this.OR([
        { ALT: () => this.addOption(fields, this.CONSUME(T.role.eventField), this.SUBRULE(this.value)) },
        {
          ALT: () => {
            const { name, value, span } = this.SUBRULE(this.member);
            fields.push({ kind: 'ServiceArgument', name, value, span });
            this.OPTION(() => this.CONSUME(T.Comma));
          },
        },
      ]),
    );
    return fields;
  });

  readonly events = this.RULE('events', (): Service => {
    const first = this.CONSUME(T.word.events);
    const route = this.SUBRULE(this.route);
    const period: ServiceArgument[] = [];
    this.MANY(() => this.addOption(period, this.CONSUME(T.role.period), this.SUBRULE(this.value)));
    return this.serviceNode('calendar', { verb: 'events', arguments: period, route }, first);
  });

  readonly rsvp = this.RULE('rsvp', (): Service => {
    const first = this.CONSUME(T.word.rsvp);
    const route = this.SUBRULE(this.route);
    const key = this.SUBRULE(this.key);
    const email = this.OPTION(() => this.argument('email', this.SUBRULE(this.text)));
    const answer = this.CONSUME(T.role.answer);
    const response = this.argument('response', {
      kind: 'StringValue',
      value: answer.image,
      span: spanOf(answer),
    });
    const given = email ? [email, response] : [response];
    return this.serviceNode('calendar', { verb: 'rsvp', arguments: given, route, key }, first);
  });

  readonly calendar = this.RULE('calendar', (): Service => {
    const first = this.CONSUME(T.word.calendar);
    this.CONSUME(T.word.feed);
    const route = this.SUBRULE(this.route);
    return this.serviceNode('calendar', { verb: 'feed', arguments: [], route }, first);
  });

  readonly subkey = this.RULE('subkey', (): Service => {
    const first = this.CONSUME(T.word.subkey);
    const call = this.OR({
      DEF: this.subkeyCalls,
      ERR_MSG: '`create`, `list` or the id of a subkey in quotes',
    });
    return this.serviceNode('subkey', call, first);
  });

  private readonly subkeyCalls = [
    {
      ALT: (): Call => {
        this.CONSUME(T.word.create);
        return { verb: 'create', arguments: this.argumentsOf(this.SUBRULE(this.fieldsOfPayload)) };
      },
    },
    {
      ALT: (): Call => {
        this.CONSUME(T.word.list);
        return { verb: 'list', arguments: [] };
      },
    },
    {
      ALT: (): Call => {
        const id = this.argument('id', this.SUBRULE(this.text));
        this.CONSUME(T.word.revoke, { ERR_MSG: '`revoke`' });
        return { verb: 'revoke', arguments: [id] };
      },
    },
  ];

  readonly keyStatement = this.RULE('keyStatement', (): Service => {
    const first = this.CONSUME(T.word.key);
    this.CONSUME(T.word.require);
    this.CONSUME(T.word.signature);
    return this.serviceNode('key', { verb: 'require_signature', arguments: [] }, first);
  });
}

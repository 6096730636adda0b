import type {
  Every,
  Name,
  NumberArgument,
  Recurrence,
  RouteName,
  Run,
  ScheduleDelete,
  Schedules,
  StatusOfJob,
  StatusOfRoute,
  TextArgument,
  TimeOfDay,
  Value,
  WebhookDelete,
  Webhooks,
  When,
} from '../ast/index.js';
import type { IToken } from 'chevrotain';
import type { Span } from '@drops/diagnostics';
import * as T from '../tokens/token-types.js';
import { AccessParser } from './access.js';
import { spanOf } from './base-parser.js';
import { readTime, readUnit, readWeekday, type CalendarUnit } from './time-words.js';

const midnight: TimeOfDay = { hour: 0, minute: 0 };

/** Functions, webhooks and schedules. */
export abstract class AutomationParser extends AccessParser {
  readonly run = this.RULE('run', (): Run => {
    const first = this.CONSUME(T.word.run);
    const route = this.SUBRULE(this.route);
    const body = this.OPTION((): Value => this.SUBRULE(this.payload));
    let async = false;
    let maxRetries: NumberArgument | undefined;
    this.MANY(() =>
      this.OR([
        {
          ALT: () => {
            const token = this.CONSUME(T.word.async);
            if (async) this.reportRepeat('async', spanOf(token), spanOf(token));
            async = true;
          },
        },
        {
          ALT: () => {
            const token = this.CONSUME(T.word.max_retries);
            if (maxRetries) this.reportRepeat('max_retries', spanOf(token), maxRetries.span);
            maxRetries = this.checkWhole('max_retries', this.SUBRULE(this.number));
          },
        },
      ]),
    );
    if (body && !this.RECORDING_PHASE) this.hintAtAsync(body);
    return {
      kind: 'Run',
      route,
      ...(body && { body }),
      async,
      ...(maxRetries && { maxRetries }),
      span: this.spanFrom(first),
    };
  });

  /** A colon means data, so `async: true` goes to the function; the option was probably meant. */
  private hintAtAsync(body: Value): void {
    if (body.kind !== 'ObjectValue') return;
    const member = body.members.find(({ name }) => name === 'async');
    if (!member) return;
    this.warn('SYNTAX_ERROR', '`async:` with a colon is a field of the body; the function runs at once', {
      span: member.span,
      hint: 'write `async` without a colon to run it as a job',
    });
  }

  readonly status = this.RULE('status', (): StatusOfJob | StatusOfRoute => {
    const first = this.CONSUME(T.word.status);
    return this.OR<StatusOfJob | StatusOfRoute>({
      DEF: [
        {
          ALT: () => {
            const id = this.stringNode(this.CONSUME(T.StringLiteral));
            return { kind: 'StatusOfJob', id, span: this.spanFrom(first) };
          },
        },
        {
          ALT: () => {
            const route = this.SUBRULE(this.bareRoute);
            return { kind: 'StatusOfRoute', route, span: this.spanFrom(first) };
          },
        },
      ],
      ERR_MSG: 'a route, or the id of a job in quotes',
    });
  });

  readonly when = this.RULE('when', (): When => {
    const first = this.LA(1);
    const route = this.OR<RouteName>([
      {
        ALT: () => {
          this.CONSUME(T.word.when);
          const watched = this.SUBRULE(this.route);
          this.CONSUME(T.word.changes);
          return watched;
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.word.on);
          this.OR2({
            DEF: [{ ALT: () => this.CONSUME(T.word.write) }, { ALT: () => this.CONSUME(T.word.save) }],
            ERR_MSG: '`write`',
          });
          return this.SUBRULE2(this.route);
        },
      },
    ]);
    this.CONSUME(T.word.call);
    const url = this.SUBRULE(this.text);
    const secret = this.OPTION((): TextArgument => {
      this.CONSUME(T.word.secret);
      return this.SUBRULE2(this.text);
    });
    return { kind: 'When', route, url, ...(secret && { secret }), span: this.spanFrom(first) };
  });

  readonly webhooks = this.RULE('webhooks', (): Webhooks => {
    return { kind: 'Webhooks', span: spanOf(this.CONSUME(T.word.webhooks)) };
  });

  readonly webhook = this.RULE('webhook', (): WebhookDelete => {
    const first = this.CONSUME(T.word.webhook);
    this.SUBRULE(this.deleteWord);
    const id = this.SUBRULE(this.text);
    return { kind: 'WebhookDelete', id, span: this.spanFrom(first) };
  });

  private readonly deleteWord = this.RULE('deleteWord', (): void => {
    this.OR({
      DEF: [{ ALT: () => this.CONSUME(T.word.delete) }, { ALT: () => this.CONSUME(T.word.remove) }],
      ERR_MSG: '`delete`',
    });
  });

  readonly every = this.RULE('every', (): Every => {
    const first = this.CONSUME(T.word.every);
    const recurrence = this.SUBRULE(this.recurrence);
    return this.SUBRULE(this.scheduled, { ARGS: [first, recurrence] });
  });

  /** `cron` alone lists the schedules; with a five-field text it makes one. */
  readonly cron = this.RULE('cron', (): Every | Schedules => {
    const first = this.CONSUME(T.word.cron);
    const every = this.OPTION((): Every => {
      const recurrence = this.SUBRULE(this.cronText);
      return this.SUBRULE(this.scheduled, { ARGS: [first, recurrence] });
    });
    return every ?? { kind: 'Schedules', span: spanOf(first) };
  });

  private readonly cronText = this.RULE('cronText', (): Recurrence => {
    const token = this.CONSUME(T.StringLiteral, { ERR_MSG: 'a five-field time in quotes' });
    return { kind: 'CronText', text: this.textOf(token), span: spanOf(token) };
  });

  private readonly scheduled = this.RULE('scheduled', (first: IToken, recurrence: Recurrence): Every => {
    const label = this.CONSUME(T.MemberName, { ERR_MSG: 'a name and `:`' });
    this.CONSUME(T.Colon);
    const run = this.SUBRULE(this.run);
    if (this.RECORDING_PHASE)
      return { kind: 'Every', recurrence, name: this.nameNode(label), run, span: spanOf(label) };
    const name: Name = { kind: 'Name', text: this.labelText(label), span: spanOf(label) };
    return { kind: 'Every', recurrence, name, run, span: this.spanFrom(first) };
  });

  private readonly recurrence = this.RULE('recurrence', (): Recurrence => {
    return this.OR<Recurrence>({
      DEF: [
        { ALT: () => this.SUBRULE(this.cronText) },
        { ALT: () => this.SUBRULE(this.weekly) },
        { ALT: () => this.SUBRULE(this.interval) },
      ],
      ERR_MSG: 'a unit of time',
    });
  });

  private readonly weekly = this.RULE('weekly', (): Recurrence => {
    const day = this.CONSUME(T.role.weekday);
    const at = this.OPTION((): TimeOfDay => this.SUBRULE(this.timeOfDay));
    return {
      kind: 'OnWeekday',
      weekday: readWeekday(day.image),
      ...(at && { at }),
      span: this.spanFrom(day),
    };
  });

  private readonly interval = this.RULE('interval', (): Recurrence => {
    const first = this.LA(1);
    const count = this.OPTION((): IToken => this.CONSUME(T.NumberLiteral));
    const unit = this.CONSUME(T.role.unit);
    const at = this.OPTION2((): TimeOfDay => this.SUBRULE(this.timeOfDay));
    const span = this.spanFrom(first);
    const node = intervalNode(count, readUnit(unit.image), at, span);
    this.checkInterval(node);
    return node;
  });

  private checkInterval(node: Recurrence & { readonly kind: 'Interval' }): void {
    if (!Number.isInteger(node.count) || node.count < 1) {
      this.report('SYNTAX_ERROR', 'a schedule repeats after a whole number of units, from 1', {
        span: node.span,
      });
    }
    if (node.at && (node.unit === 'minute' || node.unit === 'hour')) {
      this.report('SYNTAX_ERROR', `\`at\` goes with days, weeks and months, not with ${node.unit}s`, {
        span: node.span,
        hint: 'leave `at` out, or write `every day at 9am`',
      });
    }
  }

  private readonly timeOfDay = this.RULE('timeOfDay', (): TimeOfDay => {
    this.CONSUME(T.word.at);
    const token = this.OR({
      DEF: [
        { ALT: () => this.CONSUME(T.Time) },
        { ALT: () => this.CONSUME(T.Word) },
        { ALT: () => this.CONSUME(T.NumberLiteral) },
        { ALT: () => this.CONSUME(T.StringLiteral) },
      ],
      ERR_MSG: 'a time of day',
    });
    return this.RECORDING_PHASE ? midnight : this.checkTime(token);
  });

  private checkTime(token: IToken): TimeOfDay {
    const written = token.tokenType === T.StringLiteral ? this.textOf(token) : token.image;
    const time = readTime(written);
    if (time) return time;
    this.report('SYNTAX_ERROR', `\`${written.slice(0, 40)}\` is no time of day`, {
      span: spanOf(token),
      hint: 'write it as `9am`, `9:30pm` or `14:30`',
    });
    return midnight;
  }

  readonly schedules = this.RULE('schedules', (): Schedules => {
    return { kind: 'Schedules', span: spanOf(this.CONSUME(T.word.schedules)) };
  });

  readonly schedule = this.RULE('schedule', (): ScheduleDelete => {
    const first = this.CONSUME(T.word.schedule);
    this.SUBRULE(this.deleteWord);
    const name = this.SUBRULE(this.text);
    return { kind: 'ScheduleDelete', name, span: this.spanFrom(first) };
  });
}

function intervalNode(count: IToken | undefined, unit: CalendarUnit, at: TimeOfDay | undefined, span: Span) {
  return { kind: 'Interval', count: count ? Number(count.image) : 1, unit, ...(at && { at }), span } as const;
}

import type { IToken } from 'chevrotain';
import type { Diagnostic } from '@drops/diagnostics';
import type { Statement } from '../ast/index.js';
import { ServicesParser } from './services.js';

/** The whole language: one statement at a time. */
export class DropsParser extends ServicesParser {
  override readonly statement = this.RULE('statement', (): Statement => {
    return this.OR({
      DEF: this.statementAlternatives,
      // A keyword is a word too, but as the first of a statement it is always the keyword.
      IGNORE_AMBIGUITIES: true,
      ERR_MSG: 'a statement',
    });
  });

  private readonly statementAlternatives = [
    { ALT: (): Statement => this.SUBRULE(this.find) },
    { ALT: (): Statement => this.SUBRULE(this.get) },
    { ALT: (): Statement => this.SUBRULE(this.list) },
    { ALT: (): Statement => this.SUBRULE(this.count) },
    { ALT: (): Statement => this.SUBRULE(this.search) },
    { ALT: (): Statement => this.SUBRULE(this.primitives) },
    { ALT: (): Statement => this.SUBRULE(this.saveOrPolicy) },
    { ALT: (): Statement => this.SUBRULE(this.update) },
    { ALT: (): Statement => this.SUBRULE(this.remove) },
    { ALT: (): Statement => this.SUBRULE(this.add) },
    { ALT: (): Statement => this.SUBRULE(this.subtract) },
    { ALT: (): Statement => this.SUBRULE(this.bulk) },
    { ALT: (): Statement => this.SUBRULE(this.define) },
    { ALT: (): Statement => this.SUBRULE(this.undefine) },
    { ALT: (): Statement => this.SUBRULE(this.validate) },
    { ALT: (): Statement => this.SUBRULE(this.patterns) },
    { ALT: (): Statement => this.SUBRULE(this.share) },
    { ALT: (): Statement => this.SUBRULE(this.unshare) },
    { ALT: (): Statement => this.SUBRULE(this.run) },
    { ALT: (): Statement => this.SUBRULE(this.status) },
    { ALT: (): Statement => this.SUBRULE(this.when) },
    { ALT: (): Statement => this.SUBRULE(this.webhooks) },
    { ALT: (): Statement => this.SUBRULE(this.webhook) },
    { ALT: (): Statement => this.SUBRULE(this.every) },
    { ALT: (): Statement => this.SUBRULE(this.cron) },
    { ALT: (): Statement => this.SUBRULE(this.schedules) },
    { ALT: (): Statement => this.SUBRULE(this.schedule) },
    { ALT: (): Statement => this.SUBRULE(this.export) },
    { ALT: (): Statement => this.SUBRULE(this.translate) },
    { ALT: (): Statement => this.SUBRULE(this.sql) },
    { ALT: (): Statement => this.SUBRULE(this.context) },
    { ALT: (): Statement => this.SUBRULE(this.explain) },
    { ALT: (): Statement => this.SUBRULE(this.mail) },
    { ALT: (): Statement => this.SUBRULE(this.push) },
    { ALT: (): Statement => this.SUBRULE(this.valueStatement) },
    { ALT: (): Statement => this.SUBRULE(this.event) },
    { ALT: (): Statement => this.SUBRULE(this.events) },
    { ALT: (): Statement => this.SUBRULE(this.rsvp) },
    { ALT: (): Statement => this.SUBRULE(this.calendar) },
    { ALT: (): Statement => this.SUBRULE(this.subkey) },
    { ALT: (): Statement => this.SUBRULE(this.keyStatement) },
    { ALT: (): Statement => this.SUBRULE(this.bare) },
  ];

  /** With `validate` Chevrotain checks the grammar itself, which a test does once. */
  constructor(validate = false) {
    super(validate);
    this.performSelfAnalysis();
  }

  /** Parses the tokens of one statement. The result is undefined when `errors` or the findings say why. */
  parseTokens(tokens: IToken[], source: string): Statement | undefined {
    this.begin(tokens, source);
    return this.statement();
  }

  /** What was found besides the failure that stopped the parse. */
  get reports(): readonly Diagnostic[] {
    return this.findings;
  }
}

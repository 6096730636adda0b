import type { IToken } from 'chevrotain';
import type { Diagnostic } from '@drops/diagnostics';
import type { Statement } from '../ast/index.js';
import { WritesParser } from './writes.js';

/** The whole language: one statement at a time. */
export class DropsParser extends WritesParser {
  readonly statement = this.RULE('statement', (): Statement => {
    return this.OR({ DEF: this.statementAlternatives, ERR_MSG: 'a statement' });
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
    { ALT: (): Statement => this.SUBRULE(this.bare) },
  ];

  /** With `validate` Chevrotain checks the grammar itself, which a test does once. */
  constructor(validate = false) {
    super(validate);
    this.performSelfAnalysis();
  }

  /** Parses the tokens of one statement. The result is undefined when `errors` or the findings say why. */
  run(tokens: IToken[], source: string): Statement | undefined {
    this.begin(tokens, source);
    return this.statement();
  }

  /** What was found besides the failure that stopped the parse. */
  get reports(): readonly Diagnostic[] {
    return this.findings;
  }
}

import type { IToken } from 'chevrotain';
import type { Context, Explain, Export, Name, Predicate, Sql, Statement, Translate } from '../ast/index.js';
import * as T from '../tokens/token-types.js';
import { AutomationParser } from './automation.js';
import { spanOf } from './base-parser.js';
import { innerOffsets } from '../tokens/string-text.js';
import { innerStatement } from './inner-statement.js';

/** Where the characters of a text stand that is written with escapes. */
function offsetsWithin(token: IToken, text: string): Pick<Sql, 'offsets'> {
  if (!token.image.includes('\\')) return {};
  const toOuter = innerOffsets(token.image, token.startOffset);
  return { offsets: Array.from({ length: text.length + 1 }, (_, i) => toOuter(i)) };
}

/** Statements about other statements and other languages. */
export abstract class TransferParser extends AutomationParser {
  abstract readonly statement: () => Statement;

  readonly export = this.RULE('export', (): Export => {
    const first = this.CONSUME(T.word.export);
    const route = this.SUBRULE(this.route);
    let latest = false;
    let where: Predicate | undefined;
    let format: Name | undefined;
    let dialect: Name | undefined;
    this.MANY(() =>
      this.OR([
        {
          ALT: () => {
            this.CONSUME(T.word.latest);
            latest = true;
          },
        },
        {
          ALT: () => {
            const start = this.LA(1);
            const predicate = this.SUBRULE(this.where);
            if (where)
              this.reportRepeat('where', spanOf(start), where.span, 'join the conditions with `and`');
            where = predicate;
          },
        },
        {
          ALT: () => {
            const start = this.CONSUME(T.word.as);
            if (format) this.reportRepeat('as', spanOf(start), format.span);
            format = this.nameNode(this.CONSUME(T.role.format));
            dialect = this.OPTION((): Name => this.SUBRULE(this.dialect, { ARGS: [format] }));
          },
        },
      ]),
    );
    return {
      kind: 'Export',
      route,
      latest,
      ...(where && { where }),
      ...(format && { format }),
      ...(dialect && { dialect }),
      span: this.spanFrom(first),
    };
  });

  private readonly dialect = this.RULE('dialect', (format: Name | undefined): Name => {
    const token = this.CONSUME(T.word.dialect);
    if (format && format.text !== 'sql') {
      this.report('SYNTAX_ERROR', `\`dialect\` goes with \`as sql\`, not with \`as ${format.text}\``, {
        span: spanOf(token),
        hint: 'leave `dialect` out',
      });
    }
    return this.nameNode(this.CONSUME(T.role.dialect));
  });

  readonly translate = this.RULE('translate', (): Translate => {
    const first = this.CONSUME(T.word.translate);
    const text = this.CONSUME(T.StringLiteral, { ERR_MSG: 'a statement in quotes' });
    this.CONSUME(T.word.to);
    const target = this.nameNode(this.CONSUME(T.role.target));
    return { kind: 'Translate', statement: innerStatement(text), target, span: this.spanFrom(first) };
  });

  readonly sql = this.RULE('sql', (): Sql => {
    const first = this.CONSUME(T.word.sql);
    const token = this.CONSUME(T.StringLiteral, { ERR_MSG: 'an SQL text in quotes' });
    const text = this.stringNode(token);
    return { kind: 'Sql', text, ...offsetsWithin(token, text.value), span: this.spanFrom(first) };
  });

  readonly context = this.RULE('context', (): Context => {
    return { kind: 'Context', span: spanOf(this.CONSUME(T.word.context)) };
  });

  readonly explain = this.RULE('explain', (): Explain => {
    const first = this.CONSUME(T.word.explain);
    const mode = this.OPTION({
      GATE: () => this.isModeOfExplain(),
      DEF: (): IToken =>
        this.OR([{ ALT: () => this.CONSUME(T.word.analyze) }, { ALT: () => this.CONSUME(T.word.access) }]),
    });
    const inner = this.LA(1);
    const statement = this.SUBRULE(this.statement);
    if (!this.RECORDING_PHASE && statement.kind === 'Explain') {
      this.report('SYNTAX_ERROR', 'an `explain` cannot be explained', {
        span: spanOf(inner),
        hint: 'keep one `explain`',
      });
    }
    const name = mode?.image === 'analyze' ? 'analyze' : mode?.image === 'access' ? 'access' : 'plan';
    return { kind: 'Explain', mode: name, statement, span: this.spanFrom(first) };
  });

  /** `explain access` with nothing behind it, or a clause, explains the route of that name. */
  private isModeOfExplain(): boolean {
    if (this.atEnd(2) || this.is(T.Key, 2) || this.is(T.word.then, 2) || this.is(T.Bar, 2)) return false;
    return !this.is(T.role.clause, 2) || this.is(T.role.statement, 2);
  }
}

import type { IToken } from 'chevrotain';
import type { AccessMode, Principal, Share, Unshare, Value } from '../ast/index.js';
import * as T from '../tokens/token-types.js';
import { spanOf } from './base-parser.js';
import { DefinitionsParser } from './definitions.js';

const modes: ReadonlyMap<string, AccessMode> = new Map([
  ['shared', 'shared'],
  ['protected', 'protected'],
  ['writeonly', 'writeonly'],
  ['moderated', 'moderated'],
]);

/** Who may reach a route. */
export abstract class AccessParser extends DefinitionsParser {
  readonly share = this.RULE('share', (): Share => {
    const first = this.LA(1);
    const route = this.OR({
      DEF: [
        {
          ALT: () => {
            this.CONSUME(T.word.share);
            const shared = this.SUBRULE(this.route);
            this.CONSUME(T.word.with);
            return shared;
          },
        },
        {
          ALT: () => {
            this.CONSUME(T.word.grant);
            const granted = this.SUBRULE2(this.route);
            this.CONSUME(T.word.to);
            return granted;
          },
        },
      ],
    });
    const principals = this.SUBRULE(this.principals);
    const mode = this.OPTION((): IToken => {
      this.OPTION2(() => this.CONSUME(T.word.mode));
      return this.CONSUME(T.role.mode);
    });
    const permissions = this.OPTION3((): Value => {
      this.CONSUME(T.word.can);
      return this.SUBRULE(this.permissions);
    });
    const modeName = mode && modes.get(mode.image);
    return {
      kind: 'Share',
      route,
      principals,
      ...(modeName && { mode: modeName }),
      ...(permissions && { permissions }),
      span: this.spanFrom(first),
    };
  });

  private readonly permissions = this.RULE('permissions', (): Value => {
    return this.OR<Value>({
      DEF: [
        { ALT: () => this.SUBRULE(this.array) },
        { ALT: () => this.parameterNode(this.CONSUME(T.Param)) },
      ],
      ERR_MSG: 'a list in parentheses',
    });
  });

  /** The first may be a bare word; after it a word can only be a mode. */
  private readonly principals = this.RULE('principals', (): Principal[] => {
    const principals = [
      this.principalNode(
        this.OR({
          DEF: [
            { ALT: () => this.CONSUME(T.Key) },
            { ALT: () => this.CONSUME(T.Name) },
            { ALT: () => this.CONSUME(T.NumberLiteral) },
            { ALT: () => this.CONSUME(T.AnyText) },
          ],
          ERR_MSG: 'a key',
        }),
      ),
    ];
    this.MANY(() => {
      const next = this.OR2([{ ALT: () => this.CONSUME2(T.Key) }, { ALT: () => this.CONSUME2(T.AnyText) }]);
      principals.push(this.principalNode(next));
    });
    return principals;
  });

  private principalNode(token: IToken): Principal {
    const span = spanOf(token);
    if (token.tokenType === T.Key) return { kind: 'Principal', text: this.keyText(token), span };
    if (token.tokenType === T.Param) return { kind: 'Principal', text: this.parameterNode(token), span };
    const text = token.tokenType === T.StringLiteral ? this.textOf(token) : token.image;
    return { kind: 'Principal', text, span };
  }

  readonly unshare = this.RULE('unshare', (): Unshare => {
    const first = this.OR([
      { ALT: () => this.CONSUME(T.word.unshare) },
      { ALT: () => this.CONSUME(T.word.revoke) },
    ]);
    const route = this.SUBRULE(this.route);
    const principals = this.OPTION((): Principal[] => {
      this.CONSUME(T.word.from);
      return this.SUBRULE(this.principals);
    });
    return { kind: 'Unshare', route, principals: principals ?? [], span: this.spanFrom(first) };
  });
}

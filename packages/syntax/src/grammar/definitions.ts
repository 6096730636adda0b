import type {
  Define,
  DefineIndex,
  FieldName,
  FieldRule,
  Patterns,
  TextArgument,
  Undefine,
  Validate,
  Value,
} from '../ast/index.js';
import * as T from '../tokens/token-types.js';
import { spanOf } from './base-parser.js';
import { membersOf } from './members-of.js';
import { WritesParser } from './writes.js';

/** Patterns, indexes and validation. */
export abstract class DefinitionsParser extends WritesParser {
  readonly define = this.RULE('define', (): Define | DefineIndex => {
    const first = this.CONSUME(T.word.define);
    const route = this.SUBRULE(this.route);
    return this.OR<Define | DefineIndex>({
      DEF: [
        {
          ALT: () => {
            const fields = this.SUBRULE(this.indexFields);
            return { kind: 'DefineIndex', route, fields, span: this.spanFrom(first) };
          },
        },
        {
          ALT: () => {
            const version = this.OPTION((): TextArgument => {
              this.CONSUME(T.word.version);
              return this.SUBRULE(this.text);
            });
            this.CONSUME(T.word.fields);
            const fields = this.SUBRULE(this.fieldRules);
            return { kind: 'Define', route, ...(version && { version }), fields, span: this.spanFrom(first) };
          },
        },
      ],
      ERR_MSG: '`fields` or `index`',
    });
  });

  private readonly indexFields = this.RULE('indexFields', (): FieldName[] => {
    this.CONSUME(T.word.index);
    return this.SUBRULE(this.fields);
  });

  private readonly fieldRules = this.RULE('fieldRules', (): FieldRule[] => {
    const fields = this.OR<Value>({
      DEF: [
        { ALT: () => this.SUBRULE(this.pairs) },
        { ALT: () => this.SUBRULE(this.object) },
        { ALT: () => this.jsonNode(this.CONSUME(T.JsonLiteral)) },
      ],
      ERR_MSG: 'the fields and their rules',
    });
    return this.RECORDING_PHASE ? [] : rulesOf(fields);
  });

  readonly undefine = this.RULE('undefine', (): Undefine => {
    const first = this.CONSUME(T.word.undefine);
    const route = this.SUBRULE(this.route);
    const fields = this.OPTION((): FieldName[] => this.SUBRULE(this.indexFields));
    return { kind: 'Undefine', route, ...(fields && { fields }), span: this.spanFrom(first) };
  });

  readonly validate = this.RULE('validate', (): Validate => {
    const first = this.CONSUME(T.word.validate);
    const route = this.SUBRULE(this.route);
    const payload = this.SUBRULE(this.payload);
    return { kind: 'Validate', route, payload, span: this.spanFrom(first) };
  });

  readonly patterns = this.RULE('patterns', (): Patterns => {
    return { kind: 'Patterns', span: spanOf(this.CONSUME(T.word.patterns)) };
  });
}

function rulesOf(fields: Value): FieldRule[] {
  return membersOf(fields).map(({ name, value, span }) => ({ kind: 'FieldRule', name, rule: value, span }));
}

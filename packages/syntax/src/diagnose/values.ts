import { errorOf } from '@drops/diagnostics';
import type { IToken } from 'chevrotain';
import { tokenMatcher } from 'chevrotain';
import { endOf, spanOf } from '../grammar/base-parser.js';
import { hasRole } from '../keywords.js';
import * as T from '../tokens/token-types.js';
import { inside, rule, type Failure, type Recognizer } from './failure.js';
import { foreignConstants } from './foreign-words.js';
import { found, shown } from './words.js';

function isWordLike(token: IToken | undefined): boolean {
  return (
    token !== undefined &&
    (tokenMatcher(token, T.Name) || token.tokenType === T.Path || token.tokenType === T.DotField)
  );
}

/** The text up to the next space or comma, as it was probably meant. */
function bareText(failure: Failure, token: IToken): string {
  return /^[^\s,;(){}[\]"']*/.exec(failure.source.slice(token.startOffset))?.[0] ?? token.image;
}

/** `status: active`: a text without its quotes where a value must stand. */
export const bareValue: Recognizer = (failure) => {
  const { token } = failure;
  const opensList = rule(failure) === 'array' && isOpenerOrComma(failure.previous);
  const inValue =
    opensList ||
    rule(failure) === 'value' ||
    (rule(failure) === 'text' && failure.phrase !== undefined) ||
    failure.phrase === 'a text in quotes';
  if (!inValue || !token) return undefined;
  if (!isWordLike(token) && token.tokenType !== T.Label && token.tokenType !== T.Time) return undefined;
  const constant = foreignConstants.get(token.image);
  if (constant !== undefined) {
    return errorOf('SYNTAX_ERROR', `${shown(token.image)} is written \`${constant}\``, {
      span: spanOf(token),
      hint: `write \`${constant}\``,
    });
  }
  if (token.tokenType === T.Label && !/^https?$/.test(token.image)) {
    const name = failure.previous ? failure.tokens[failure.index - 2] : undefined;
    const field = name ? ` of \`${name.image}\`` : '';
    return errorOf('SYNTAX_ERROR', `the value${field} is missing before ${found(token)}`, {
      span: spanOf(token),
    });
  }
  const text = bareText(failure, token);
  const span = { start: token.startOffset, end: token.startOffset + text.length };
  return errorOf('SYNTAX_ERROR', `a bare word is no value: ${shown(text)}`, {
    span,
    hint: `quote the text: \`"${text}"\``,
  });
};

/** `name = "x"` or `name "x"` where `name: "x"` was meant. */
export const missingColon: Recognizer = (failure) => {
  const { token, next } = failure;
  const place = ['payload', 'member', 'fieldsOfPayload', 'object', 'fieldRules'];
  if (!place.includes(rule(failure)) || !token) return undefined;
  if (!isWordLike(token) && token.tokenType !== T.StringLiteral) return undefined;
  const braces = rule(failure) === 'member' || rule(failure) === 'object';
  if (token.tokenType === T.StringLiteral && !braces) return undefined;
  if (next?.image === '=') {
    return errorOf('SYNTAX_ERROR', `expected \`:\` after the field name ${shown(token.image)}, found \`=\``, {
      span: spanOf(next),
      hint: `write \`${token.image}: …\``,
    });
  }
  if (!next && !braces) return undefined;
  if (!next && failure.index === failure.tokens.length - 1 && !braces) return undefined;
  return errorOf(
    'SYNTAX_ERROR',
    `expected \`:\` after the field name ${shown(token.image)}, found ${found(next)}`,
    {
      span: spanOf(token),
      hint: `write \`${token.image}: …\``,
    },
  );
};

/** Pairs, objects and arrays with a comma too few or too many. */
export const commas: Recognizer = (failure) => {
  const { token, previous } = failure;
  const at = rule(failure);
  if (!token) return undefined;
  if (token.tokenType === T.Comma && previous?.tokenType === T.Comma) {
    return errorOf('SYNTAX_ERROR', 'nothing stands between these two commas', {
      span: spanOf(token),
      hint: 'leave one comma out',
    });
  }
  if (
    token.tokenType === T.Comma &&
    (previous?.tokenType === T.LeftBrace ||
      previous?.tokenType === T.LeftParen ||
      previous?.tokenType === T.LeftBracket)
  ) {
    return errorOf('SYNTAX_ERROR', 'nothing stands before this comma', {
      span: spanOf(token),
      hint: 'leave the comma out',
    });
  }
  if (failure.trailing && token.tokenType === T.Comma) {
    const wording = failure.next
      ? `expected a name and \`:\` after the comma, found ${found(failure.next)}`
      : 'nothing follows this comma';
    return errorOf('SYNTAX_ERROR', wording, { span: spanOf(token), hint: 'leave the comma out' });
  }
  if (isOpenerOrComma(failure.previous)) return undefined;
  if (
    at === 'object' &&
    (tokenMatcher(token, T.MemberName) || isWordLike(token) || token.tokenType === T.StringLiteral)
  ) {
    return errorOf('SYNTAX_ERROR', `expected \`,\` or \`}\` before ${found(token)}`, {
      span: spanOf(token),
      hint: 'members of an object are separated by commas',
    });
  }
  if (at === 'array' && (isValueStart(token) || isWordLike(token))) {
    return errorOf('SYNTAX_ERROR', `expected \`,\` or the end of the list before ${found(token)}`, {
      span: spanOf(token),
      hint: 'items of a list are separated by commas',
    });
  }
  return undefined;
};

function isOpenerOrComma(token: IToken | undefined): boolean {
  return token !== undefined && ['{', '(', '[', ','].includes(token.image);
}

function isValueStart(token: IToken): boolean {
  const types = [T.StringLiteral, T.NumberLiteral, T.LeftBrace, T.LeftParen, T.LeftBracket, T.Param];
  return types.includes(token.tokenType);
}

const closers = new Map([
  [T.RightParen, '('],
  [T.RightBracket, '['],
  [T.RightBrace, '{'],
]);

/** A bracket that closes nothing, or another one than the open one. */
export const wrongCloser: Recognizer = ({ token, tokens, index }) => {
  const opener = token && closers.get(token.tokenType);
  if (!token || opener === undefined) return undefined;
  const open: IToken[] = [];
  for (const one of tokens.slice(0, index)) {
    if (one.image === '(' || one.image === '[' || one.image === '{') open.push(one);
    else if (closers.has(one.tokenType)) open.pop();
  }
  const last = open.at(-1);
  if (!last)
    return errorOf('SYNTAX_ERROR', `\`${token.image}\` closes nothing`, {
      span: spanOf(token),
      hint: 'leave it out',
    });
  if (last.image === opener) return undefined;
  const right = last.image === '(' ? ')' : last.image === '[' ? ']' : '}';
  return errorOf('SYNTAX_ERROR', `\`${last.image}\` is closed by \`${token.image}\``, {
    span: spanOf(token),
    hint: `write \`${right}\``,
  });
};

/** `limit ten`, `limit "10"`. */
export const notANumber: Recognizer = (failure) => {
  const { token, previous } = failure;
  if (rule(failure) !== 'number' || !token || !previous) return undefined;
  const inner = token.tokenType === T.StringLiteral ? token.image.slice(1, -1) : '';
  const hint = /^[0-9]+(\.[0-9]+)?$/.test(inner) ? `write it without quotes: \`${inner}\`` : undefined;
  return errorOf('SYNTAX_ERROR', `expected a number after \`${previous.image}\`, found ${found(token)}`, {
    span: spanOf(token),
    hint,
  });
};

/** `where a/b > 3`: a path among operands. */
export const routeAmongOperands: Recognizer = (failure) => {
  const { token } = failure;
  if (token?.tokenType !== T.Path || !inside(failure, 'predicate', 'operand', 'item')) return undefined;
  const spaced = token.image.split('/').join(' / ');
  return errorOf('SYNTAX_ERROR', `${shown(token.image)} is a route, not a value`, {
    span: spanOf(token),
    hint: `quote it for a text, or write \`${spaced}\` for a division`,
  });
};

/** What is said where a payload is missing or of a wrong kind. */
export const badPayload: Recognizer = (failure) => {
  const { token, tokens } = failure;
  const at = rule(failure);
  if (at !== 'payload' && at !== 'fieldsOfPayload') return undefined;
  const span = token ? spanOf(token) : undefined;
  const route = tokens[1]?.image ?? 'route';
  const key = tokens[2]?.tokenType === T.Key ? tokens[2].image : '@key';
  if (token?.image === 'null') {
    return errorOf('SYNTAX_ERROR', '`update` takes fields, not `null`', {
      span,
      hint: `write \`remove ${route} ${key}\` to remove the entity`,
    });
  }
  const isOption = token !== undefined && hasRole(token.image, 'writeOption');
  if (token && isWordLike(token) && failure.next && !isOption) return undefined;
  if (!token || isWordLike(token)) {
    const last = tokens.at(-1);
    const end = last ? endOf(last) : 0;
    return errorOf('SYNTAX_ERROR', `expected a payload, found ${found(token)}`, {
      span: span ?? { start: end, end },
      hint: 'write fields as `name: "value"`, or a text in quotes',
    });
  }
  const isBare = token.tokenType === T.NumberLiteral || tokenMatcher(token, T.role.constant);
  const hint = isBare ? `name the field: \`value: ${token.image}\`` : 'write fields as `name: "value"`';
  return errorOf('SYNTAX_ERROR', `expected a payload, found ${found(token)}`, { span, hint });
};

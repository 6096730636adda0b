import { assertNever } from '@drops/diagnostics';
import type { Arith, ArithmeticOperator, Expression, Fn } from '@drops/ir';
import { choose, type MongoValue } from './script.js';
import { allOf, isOfKind, withName, type MongoWriter } from './writer.js';

const operators = {
  '+': '$add',
  '-': '$subtract',
  '*': '$multiply',
  '/': '$divide',
  '%': '$mod',
} as const satisfies Record<ArithmeticOperator, string>;

/** A number of this document as the double that Drops computes with: integers of MongoDB have other limits. */
function double(of: Expression, value: MongoValue): MongoValue {
  return of.kind === 'Lit' ? value : { $toDouble: value };
}

/** Numbers only: anything else, a division by zero and what is too large give null. */
export function writeArithmetic(node: Arith, writer: MongoWriter): MongoValue {
  const { left, op, right } = node;
  for (const side of [left, right]) {
    const kind = writer.kindOf(side);
    if (kind !== 'number' && kind !== 'unknown') return null;
  }
  const divides = op === '/' || op === '%';
  if (divides && right.kind === 'Lit' && right.value === 0) return null;
  return withName(writer, writer.value(left), (a) =>
    withName(writer, writer.value(right), (b) => {
      const guard = allOf([
        left.kind === 'Lit' ? true : isOfKind(a, 'number'),
        right.kind === 'Lit' ? true : isOfKind(b, 'number'),
        divides && right.kind !== 'Lit' ? { $ne: [b, 0] } : true,
      ]);
      const result = withName(
        writer,
        // 0 is added since there is no -0 in Drops.
        { $add: [{ [operators[op]]: [double(left, a), double(right, b)] }, 0] },
        (r) => choose({ $lt: [{ $abs: r }, Infinity] }, r, null),
      );
      return guard === true ? result : choose(guard, result, null);
    }),
  );
}

/** What String.prototype.trim takes away; MongoDB has a list of its own. */
const whiteSpace =
  '\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff';

/** Form of an ISO 8601 date or date-time; nothing may follow, not even the line end that `$` alone would pass. */
const isoForm =
  '^\\d{4}-\\d{2}-\\d{2}([T ]\\d{2}:\\d{2}(:\\d{2}(\\.\\d+)?)?(Z|[+-]\\d{2}:?\\d{2})?)?$(?!\\n)';

/** A function; arguments of a wrong type give null. */
export function writeCall(call: Fn, writer: MongoWriter): MongoValue {
  const [first, second] = call.args;
  if (call.name === 'now') return { $dateToString: { date: '$$NOW', format: '%Y-%m-%dT%H:%M:%S.%LZ' } };
  if (call.name === 'coalesce') return { $ifNull: [...call.args.map((a) => writer.value(a)), null] };
  if (call.name === 'concat') return { $concat: call.args.map((a) => textOf(a, writer)) };
  if (!first) return null;
  return withName(writer, writer.value(first), (value) => {
    switch (call.name) {
      case 'lower':
      case 'upper':
        writer.context.fidelity.approximate(`${call.name} changes ASCII letters only`);
        return onText(value, { [call.name === 'lower' ? '$toLower' : '$toUpper']: value });
      case 'trim':
        return onText(value, { $trim: { input: value, chars: whiteSpace } });
      case 'len':
        return choose(
          isOfKind(value, 'text'),
          { $strLenCP: value },
          choose({ $isArray: [value] }, { $size: value }, null),
        );
      case 'date':
        return writeDate(value, writer);
      case 'abs':
        return onNumber(value, { $abs: { $toDouble: value } });
      case 'floor':
        return onNumber(value, { $add: [{ $floor: { $toDouble: value } }, 0] });
      case 'ceil':
        return onNumber(value, { $add: [{ $ceil: { $toDouble: value } }, 0] });
      case 'round':
        return second ? writeRoundTo(value, second, writer) : onNumber(value, halfAway(value, writer));
      case 'now':
      case 'coalesce':
      case 'concat':
        return null;
      default:
        return assertNever(call.name);
    }
  });
}

const onText = (value: MongoValue, result: MongoValue): MongoValue =>
  choose(isOfKind(value, 'text'), result, null);
const onNumber = (value: MongoValue, result: MongoValue): MongoValue =>
  choose(isOfKind(value, 'number'), result, null);

/** `$round` goes to the even neighbour from halves; this goes away from zero. */
function halfAway(value: MongoValue, writer: MongoWriter): MongoValue {
  const size = writer.context.nextVariable();
  const whole: MongoValue = { $floor: `$$${size}` };
  const rest: MongoValue = { $subtract: [`$$${size}`, whole] };
  const rounded: MongoValue = choose({ $gte: [rest, 0.5] }, { $add: [whole, 1] }, whole);
  const signed: MongoValue = choose({ $lt: [value, 0] }, { $subtract: [0, rounded] }, rounded);
  return { $let: { vars: { [size]: { $abs: { $toDouble: value } } }, in: signed } };
}

function writeRoundTo(value: MongoValue, digits: Expression, writer: MongoWriter): MongoValue {
  const count = digits.kind === 'Lit' ? digits.value : undefined;
  if (typeof count !== 'number' || !Number.isInteger(count) || count < -20 || count > 100) {
    return writer.context.refuse('these decimals', 'it wants a whole number from -20 to 100', digits.span);
  }
  writer.context.fidelity.approximate('round with decimals goes to the even neighbour from halves');
  return onNumber(value, { $add: [{ $round: [{ $toDouble: value }, count] }, 0] });
}

function writeDate(value: MongoValue, writer: MongoWriter): MongoValue {
  writer.context.fidelity.approximate('date does not check the time of day');
  const day: MongoValue = { $substrCP: [value, 0, 10] };
  const parsed: MongoValue = {
    $dateFromString: { dateString: day, format: '%Y-%m-%d', onError: null },
  };
  return choose(
    isOfKind(value, 'text'),
    choose(
      { $regexMatch: { input: value, regex: isoForm } },
      choose({ $ne: [parsed, null] }, day, null),
      null,
    ),
    null,
  );
}

/** An argument of concat: texts as they are, null as nothing, the rest as JSON. */
function textOf(argument: Expression, writer: MongoWriter): MongoValue {
  const kind = writer.kindOf(argument);
  if (argument.kind === 'Lit') {
    const { value } = argument;
    if (typeof value === 'string') return writer.value(argument);
    return { $literal: value === null ? '' : JSON.stringify(value) };
  }
  if (kind === 'text') return { $ifNull: [writer.value(argument), ''] };
  if (kind !== 'boolean') {
    writer.context.fidelity.approximate(
      'concat writes numbers as MongoDB does, and arrays and objects as nothing',
    );
  }
  return withName(writer, writer.value(argument), (value) =>
    choose(
      isOfKind(value, 'text'),
      value,
      choose({ $or: [isOfKind(value, 'number'), isOfKind(value, 'boolean')] }, { $toString: value }, ''),
    ),
  );
}

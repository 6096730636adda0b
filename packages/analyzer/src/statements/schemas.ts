import { didYouMean, fail, type Span } from '@drops/diagnostics';
import {
  describeValue,
  getProperty,
  isArray,
  isObject,
  ruleTypes,
  type DefineIndex,
  type DefineSchema,
  type FieldRule,
  type Json,
  type JsonObject,
  type Undefine,
  type Validate,
} from '@drops/ir';
import type {
  Define,
  DefineIndex as DefineIndexNode,
  FieldRule as RuleNode,
  Undefine as UndefineNode,
  Validate as ValidateNode,
} from '@drops/syntax';
import { checkNames } from '../query/aggregates.js';
import { lowerSingleRoute } from '../routes.js';
import { lowerText, lowerValue } from '../values.js';

/** `define users fields name: "text required"`. */
export function lowerDefine(node: Define): DefineSchema {
  checkNames(node.fields.map((f) => ({ as: f.name, span: f.span, what: 'a field' })));
  return {
    kind: 'DefineSchema',
    name: lowerSingleRoute(node.route, 'define'),
    ...(node.version && { version: lowerText(node.version, 'text', 'the version') }),
    fields: node.fields.map(lowerRule),
    span: node.span,
  };
}

/** A rule written short (`"text required"`) or long (`{ type: "text", required: true }`): both give one record. */
function lowerRule(node: RuleNode): FieldRule {
  const rule = lowerValue(node.rule);
  const { span } = node.rule;
  if (rule.kind !== 'Lit') {
    fail('TYPE_ERROR', 'the rule of a field cannot be a parameter', { span });
  }
  if (typeof rule.value === 'string') return shortRule(node.name, rule.value, span);
  if (isObject(rule.value)) return longRule(node.name, rule.value, span);
  fail(
    'TYPE_ERROR',
    `the rule of ${node.name} is ${describeValue(rule.value)}; a text or an object was expected`,
    {
      span,
      hint: `${node.name}: "text required"`,
    },
  );
}

function typeNamed(name: string, span: Span): FieldRule['type'] {
  const type = ruleTypes.find((t) => t === name);
  if (type !== undefined) return type;
  fail('TYPE_ERROR', `there is no type '${name}'; the types are ${ruleTypes.join(', ')}`, {
    span,
    hint: didYouMean(name, ruleTypes),
  });
}

const ruleWords = ['required', 'array'];

function shortRule(name: string, text: string, span: Span): FieldRule {
  const [type, ...words] = text.split(/\s+/).filter((w) => w !== '');
  if (type === undefined) {
    fail('TYPE_ERROR', `the rule of ${name} is empty; it names a type`, { span, hint: `${name}: "text"` });
  }
  for (const word of words) {
    if (ruleWords.includes(word)) continue;
    fail('TYPE_ERROR', `'${word}' is no word of a rule; after the type stand ${ruleWords.join(' and ')}`, {
      span,
      hint: didYouMean(word, ruleWords),
    });
  }
  return {
    name,
    type: typeNamed(type, span),
    required: words.includes('required'),
    array: words.includes('array'),
  };
}

const ruleMembers = ['type', 'required', 'array', 'enum'];

function longRule(name: string, rule: JsonObject, span: Span): FieldRule {
  for (const member of Object.keys(rule)) {
    if (ruleMembers.includes(member)) continue;
    fail('TYPE_ERROR', `a rule has no member '${member}'; it has ${ruleMembers.join(', ')}`, {
      span,
      hint: didYouMean(member, ruleMembers),
    });
  }
  const type = getProperty(rule, 'type');
  if (typeof type !== 'string')
    fail('TYPE_ERROR', `the rule of ${name} needs a type`, { span, hint: '{ type: "text" }' });
  const options = enumOf(getProperty(rule, 'enum'), span);
  return {
    name,
    type: typeNamed(type, span),
    required: flag(rule, 'required', span),
    array: flag(rule, 'array', span),
    ...(options && { enum: options }),
  };
}

function flag(rule: JsonObject, name: string, span: Span): boolean {
  const value = getProperty(rule, name);
  if (value === undefined || typeof value === 'boolean') return value ?? false;
  fail('TYPE_ERROR', `${name} is ${describeValue(value)}; true or false was expected`, { span });
}

function enumOf(value: Json | undefined, span: Span): readonly string[] | undefined {
  if (value === undefined) return undefined;
  const texts = isArray(value) ? value.filter((v) => typeof v === 'string') : [];
  if (!isArray(value) || texts.length === 0 || texts.length !== value.length) {
    fail('TYPE_ERROR', 'enum is a list of texts', { span, hint: 'enum: ("pending", "done")' });
  }
  return texts;
}

/** `define users index email`. */
export function lowerDefineIndex(node: DefineIndexNode): DefineIndex {
  return {
    kind: 'DefineIndex',
    route: lowerSingleRoute(node.route, 'an index'),
    fields: node.fields.map((f) => f.path),
    span: node.span,
  };
}

/** `undefine users`, `undefine users index email`. */
export function lowerUndefine(node: UndefineNode): Undefine {
  return {
    kind: 'Undefine',
    name: lowerSingleRoute(node.route, 'undefine'),
    ...(node.fields && { fields: node.fields.map((f) => f.path) }),
    span: node.span,
  };
}

/** `validate todo title: "x"`. */
export function lowerValidate(node: ValidateNode): Validate {
  return {
    kind: 'Validate',
    schema: lowerSingleRoute(node.route, 'validate'),
    payload: lowerValue(node.payload),
    span: node.span,
  };
}

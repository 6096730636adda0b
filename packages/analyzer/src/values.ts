import { assertNever } from '@drops/diagnostics';
import {
  checkNumber,
  checkText,
  foldLiteral,
  literalOf,
  type Expression,
  type NumberArgument,
  type NumberRole,
  type Param,
  type TextArgument,
  type TextRole,
} from '@drops/ir';
import type {
  KeyName,
  NumberArgument as NumberNode,
  Parameter,
  TextArgument as TextNode,
  Value,
} from '@drops/syntax';

/** A parameter of the text as the parameter of the plan. */
export function lowerParameter(node: Parameter): Param {
  return { kind: 'Param', name: node.name, span: node.span };
}

/** A literal; arrays and objects without parameters fold into one. Of duplicate names the last wins. */
export function lowerValue(node: Value): Expression {
  const { span } = node;
  switch (node.kind) {
    case 'StringValue':
    case 'NumberValue':
    case 'BooleanValue':
    case 'JsonValue':
      return literalOf(node.value, span);
    case 'NullValue':
      return literalOf(null, span);
    case 'Parameter':
      return lowerParameter(node);
    case 'ArrayValue':
      return foldLiteral({ kind: 'List', items: node.items.map(lowerValue), span });
    case 'ObjectValue':
      return foldLiteral({
        kind: 'Object',
        members: node.members.map((m) => ({ name: m.name, value: lowerValue(m.value) })),
        span,
      });
    default:
      return assertNever(node);
  }
}

/** A number argument, checked when it is written out; `what` names it in messages. */
export function lowerNumber(node: NumberNode, role: NumberRole, what: string): NumberArgument {
  return node.kind === 'Parameter' ? lowerParameter(node) : checkNumber(node.value, role, what, node.span);
}

/** A text argument, checked when it is written out. */
export function lowerText(node: TextNode, role: TextRole, what: string): TextArgument {
  return node.kind === 'Parameter' ? lowerParameter(node) : checkText(node.value, role, what, node.span);
}

/** A key: INVALID_KEY when it breaks the rules. */
export function lowerKey(node: KeyName): TextArgument {
  return typeof node.key === 'string'
    ? checkText(node.key, 'key', 'the key', node.span)
    : lowerParameter(node.key);
}

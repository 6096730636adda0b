import { pathText, type Expression, type Field } from '@drops/ir';

const systemNames: ReadonlySet<string> = new Set(['key', 'created_at', 'drop_id', 'route', 'source']);

/** True when every step reads back as it is: no name with a dot or bracket. */
function isReadable(field: Field): boolean {
  return field.path.every((step) => typeof step === 'number' || /^[^.[\]]+$/.test(step));
}

/** A field as a JSON query names it; undefined where it has no name for it. `joined`: among joined rows. */
export function fieldText(expression: Expression, joined: boolean): string | undefined {
  if (expression.kind !== 'Field') return undefined;
  const text = pathText(expression.path);
  const [first] = expression.path;
  switch (expression.scope) {
    case 'system':
      return text;
    case 'column':
      // A column is looked up by its whole text first, so a dotted name is itself.
      return /^[^[\]]+$/.test(text) && !text.startsWith('payload.') && !/^\.|\.$|\.\./.test(text)
        ? text
        : undefined;
    case 'joined':
      return isReadable(expression) && expression.path.length > 0 ? `_joined.${text}` : undefined;
    case 'payload':
      // Among joined rows `payload.x` looks right as well, but for the names of system columns.
      if (joined && !(systemNames.has(text) && expression.path.length === 1)) return undefined;
      return isReadable(expression) ? `payload.${text}` : undefined;
    case 'either':
      return isReadable(expression) && first !== '_joined' ? `payload.${text}` : undefined;
  }
}

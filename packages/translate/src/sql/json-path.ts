import type { Path } from '@drops/ir';

const plainName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** A JSON path as MySQL, MariaDB and SQLite read it: `$.a."b c"[0]`. */
export function jsonPath(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return plainName.test(step) ? `${text}.${step}` : `${text}."${step.replace(/[\\"]/g, '\\$&')}"`;
  }, '$');
}

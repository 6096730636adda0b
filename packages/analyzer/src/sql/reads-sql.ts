import type { Statement } from '@drops/syntax';

/** True for a statement that holds SQL: `loadSqlParser` is awaited before it is lowered. */
export function readsSql(statement: Statement): boolean {
  switch (statement.kind) {
    case 'Sql':
      return true;
    case 'Explain':
    case 'Translate':
      return readsSql(statement.statement);
    default:
      return false;
  }
}

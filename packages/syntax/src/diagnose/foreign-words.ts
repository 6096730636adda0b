/** Words that other languages begin a statement with, and what does the same here. */
export const foreignStatements: ReadonlyMap<string, string> = new Map([
  ['select', 'write `find route then pick name`; a SELECT of SQL goes into `sql "SELECT …"`'],
  ['from', 'write `find route`'],
  ['insert', 'write `save route @key name: "…"`'],
  ['upsert', 'write `save route @key name: "…"`'],
  ['put', 'write `save route @key name: "…"`'],
  ['set', 'write `update route @key name: "…"`'],
  ['create', 'write `save route @key name: "…"` for data, `define route fields …` for a pattern'],
  ['fetch', 'write `get route @key` or `find route`'],
  ['show', 'write `find route`, or `status route`'],
  ['describe', 'write `status route`'],
  ['drop', 'write `remove route @key`'],
  ['destroy', 'write `remove route @key`'],
  ['increment', 'write `add 1 to route @key field`'],
  ['decrement', 'write `subtract 1 from route @key field`'],
  ['let', 'write the query itself, or keep it as a view: `find route where … as name`'],
  ['use', 'name the route in each statement: `find my/route`'],
  ['help', 'statements begin with a verb and a route: `find users`, `save users @alice name: "Alice"`'],
]);

/** Words that other languages continue a query with. */
export const foreignClauses: ReadonlyMap<string, string> = new Map([
  ['order', 'write `sort field desc`'],
  ['orderby', 'write `sort field desc`'],
  ['filter', 'write `where field = "…"`'],
  ['take', 'write `limit 10`'],
  ['top', 'write `limit 10`'],
  ['select', 'write `then pick name, email`'],
  ['return', 'write `then pick name, email`'],
  ['from', 'the route stands right behind the verb: `find route`'],
  ['ascending', 'write `asc`'],
  ['descending', 'write `desc`'],
  ['set', 'write `then save route`, or `update route @key …` for one entity'],
]);

/** Operators of other languages. */
export const foreignOperators: ReadonlyMap<string, string> = new Map([
  ['like', 'write `contains "…"`, `starts with "…"` or `ends with "…"`'],
  ['ilike', 'write `contains "…"`; matching is case-sensitive'],
  ['matches', 'write `contains "…"`, `starts with "…"` or `ends with "…"`'],
  ['equals', 'write `=`'],
  ['eq', 'write `=`'],
  ['ne', 'write `!=`'],
  ['gt', 'write `>`'],
  ['gte', 'write `>=`'],
  ['lt', 'write `<`'],
  ['lte', 'write `<=`'],
  ['startswith', 'write `starts with`'],
  ['endswith', 'write `ends with`'],
  ['includes', 'write `contains`'],
  ['has', 'write `contains`'],
  ['isnull', 'write `is null`'],
  ['&&', 'write `and`'],
  ['&', 'write `and`'],
  ['||', 'write `or`'],
  ['!', 'write `not` before the condition'],
  ['<>', 'write `!=`'],
  ['=>', 'write `>=`'],
  ['=<', 'write `<=`'],
  ['=!', 'write `!=`'],
  ['~', 'write `contains`'],
]);

/** Constants in the spelling of other languages. */
export const foreignConstants: ReadonlyMap<string, string> = new Map([
  ['True', 'true'],
  ['TRUE', 'true'],
  ['False', 'false'],
  ['FALSE', 'false'],
  ['None', 'null'],
  ['NULL', 'null'],
  ['Null', 'null'],
  ['nil', 'null'],
  ['undefined', 'null'],
]);

// The JSON Schema of the IR, generated from its types: a document is one plan.
// `node packages/ir/scripts/generate-schema.mjs` writes grammar/ir.schema.json; with --check it only compares, and exits 1 when they differ.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as prettier from 'prettier';
import { createGenerator } from 'ts-json-schema-generator';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const schemaFile = path('../../../grammar/ir.schema.json');

async function generateSchema() {
  const version = /irVersion = (\d+)/.exec(readFileSync(path('../src/version.ts'), 'utf8'))[1];
  const generator = createGenerator({
    path: path('../src/nodes/plans.ts'),
    tsconfig: path('../tsconfig.json'),
    type: 'Plan',
    additionalProperties: false,
    skipTypeCheck: true,
    topRef: true,
  });
  const { $schema, ...schema } = generator.createSchema('Plan');
  const text = JSON.stringify({ $schema, title: `Drops IR, version ${version}`, ...schema });
  return prettier.format(text, { ...(await prettier.resolveConfig(schemaFile)), filepath: schemaFile });
}

const schema = await generateSchema();
if (process.argv.includes('--check')) {
  if (readFileSync(schemaFile, 'utf8') !== schema) {
    console.error(
      'grammar/ir.schema.json is older than the types; run node packages/ir/scripts/generate-schema.mjs',
    );
    process.exit(1);
  }
} else {
  writeFileSync(schemaFile, schema);
}

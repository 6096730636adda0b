import { writeFileSync } from 'node:fs';
import { generatedFiles } from './generated-files.js';

for (const [name, text] of generatedFiles()) {
  writeFileSync(new URL(`../${name}`, import.meta.url), text);
  console.log(`grammar/${name}`);
}

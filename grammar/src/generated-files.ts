import { describeGrammar } from '@drops/syntax';
import { buildDocument } from './document/build-document.js';
import { ebnfText } from './ebnf.js';
import { textMateText } from './highlight/text-mate.js';
import { keywordsText } from './keyword-table.js';
import { railroadPage } from './railroad/page.js';

/** Every generated file of this folder: its name and its text. */
export function generatedFiles(): ReadonlyMap<string, string> {
  const grammar = describeGrammar();
  const document = buildDocument(grammar);
  return new Map([
    ['drops.ebnf', ebnfText(document)],
    ['keywords.json', keywordsText()],
    ['drops.tmLanguage.json', textMateText()],
    ['railroad.html', railroadPage(document)],
  ]);
}

import { drawFrame, type Drawable } from '@drops/diagnostics';
import { parse, visit } from '@drops/syntax';
import { rules, type Settings } from './rules.js';

/** What is wrong with a text: what does not parse, then what the rules mind, in the order of the text. */
export function lint(text: string, settings: Settings): Drawable[] {
  const found: Drawable[] = [];
  for (const parsed of parse(text).statements) {
    if (!parsed.ok) found.push(...parsed.errors);
    else {
      visit(parsed.statement, {
        enter(node) {
          for (const rule of rules) {
            const finding = rule(node, settings);
            if (finding) found.push({ ...finding, code: finding.rule, severity: 'warning' });
          }
        },
      });
    }
  }
  return found.sort((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0));
}

/** The same, drawn for people: place, line and caret. */
export function report(text: string, settings: Settings): string {
  return lint(text, settings)
    .map((finding) => drawFrame(text, finding, { name: 'report.drops' }))
    .join('\n\n');
}

import type { Chapter, DocumentRule, LanguageDocument } from '../document/build-document.js';
import { namesIn } from '../document/nodes.js';
import { ruleText } from '../ebnf.js';
import { diagramOf } from './diagram.js';
import { escapeMarkup } from './shapes.js';

const style = `
:root { color-scheme: light dark; --paper: #fff; --ink: #1d2433; --faint: #667085; --edge: #d9dee8;
  --rail: #5b6577; --word: #e8f3ec; --word-edge: #3c8a5b; --rule: #eaf0fb; --rule-edge: #4a72c4;
  --set: #fbf3e2; --set-edge: #b58a2b; --code: #f6f7f9; }
@media (prefers-color-scheme: dark) { :root { --paper: #14171d; --ink: #e4e8ef; --faint: #98a2b3; --edge: #2b313c;
  --rail: #8a94a6; --word: #1c3327; --word-edge: #5fb583; --rule: #1d2a45; --rule-edge: #7f9fe6;
  --set: #362c16; --set-edge: #d0a94f; --code: #1b1f27; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
a { color: inherit; }
nav { position: fixed; inset: 0 auto 0 0; width: 15rem; overflow-y: auto; padding: 1.25rem;
  border-right: 1px solid var(--edge); font-size: 0.875rem; }
nav h2 { margin: 1rem 0 0.25rem; font-size: 0.875rem; }
nav h2 a, nav li a { text-decoration: none; }
nav li a { color: var(--faint); }
nav a:hover { text-decoration: underline; }
nav ul { margin: 0; padding: 0; list-style: none; columns: 1; }
main { margin-left: 15rem; padding: 2rem 2.5rem 6rem; max-width: 72rem; }
h1 { margin: 0; font-size: 1.75rem; }
main h2 { margin: 3.5rem 0 0.25rem; padding-top: 1rem; border-top: 1px solid var(--edge); }
h3 { margin: 2rem 0 0.25rem; font-size: 1.05rem; }
h3 a { text-decoration: none; }
p { margin: 0.25rem 0 0.75rem; max-width: 44rem; }
.note, .uses { color: var(--faint); font-size: 0.9rem; }
.uses { margin: 0.25rem 0 0; }
section:target h3 { color: var(--rule-edge); }
.diagram { overflow-x: auto; padding: 0.25rem 0; }
pre { margin: 0.25rem 0 0; padding: 0.6rem 0.8rem; overflow-x: auto; background: var(--code); border-radius: 6px; }
pre, code, svg text { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; }
pre { font-size: 0.8rem; line-height: 1.45; }
summary { color: var(--faint); font-size: 0.85rem; cursor: pointer; }
svg { display: block; }
svg path { fill: none; stroke: var(--rail); stroke-width: 1.5; }
svg text { fill: var(--ink); font-size: 13px; text-anchor: middle; }
svg .word rect { fill: var(--word); stroke: var(--word-edge); }
svg .rule rect { fill: var(--rule); stroke: var(--rule-edge); }
svg .set rect { fill: var(--set); stroke: var(--set-edge); stroke-dasharray: 4 2; }
svg a:hover rect { stroke-width: 2; }
svg .stop { fill: var(--rail); }
@media (max-width: 60rem) { nav { position: static; width: auto; border-right: 0; border-bottom: 1px solid var(--edge); }
  nav ul { columns: 3; } main { margin-left: 0; padding: 1.5rem 1rem 4rem; } }
`;

/** Prose with its code between backticks. */
function prose(words: string): string {
  return escapeMarkup(words).replace(/`([^`]+)`/g, '<code>$1</code>');
}

const anchor = (title: string) => `chapter-${title.toLowerCase().replaceAll(' ', '-').replaceAll(',', '')}`;
const link = (rule: string) => `<a href="#${rule}">${rule}</a>`;

function usersOf(rules: readonly DocumentRule[]): ReadonlyMap<string, readonly string[]> {
  const users = new Map<string, string[]>();
  for (const rule of rules) {
    for (const used of new Set(namesIn(rule.node))) users.set(used, [...(users.get(used) ?? []), rule.name]);
  }
  return users;
}

function ruleMarkup(rule: DocumentRule, users: readonly string[]): string {
  return `<section id="${rule.name}">
<h3>${link(rule.name)}</h3>
${rule.note ? `<p class="note">${prose(rule.note)}</p>\n` : ''}<div class="diagram">${diagramOf(rule.name, rule.node)}</div>
<details><summary>EBNF</summary><pre>${escapeMarkup(ruleText(rule))}</pre></details>
${users.length > 0 ? `<p class="uses">used by ${users.map(link).join(', ')}</p>\n` : ''}</section>`;
}

function chapterMarkup(chapter: Chapter, users: ReadonlyMap<string, readonly string[]>): string {
  const rules = chapter.rules.map((rule) => ruleMarkup(rule, users.get(rule.name) ?? []));
  return `<h2 id="${anchor(chapter.title)}">${chapter.title}</h2>
<p>${prose(chapter.comment)}</p>
${rules.join('\n')}`;
}

function indexMarkup({ title, rules }: Chapter): string {
  const items = rules.map(({ name }) => `<li>${link(name)}</li>`).join('');
  return `<h2><a href="#${anchor(title)}">${title}</a></h2>\n<ul>${items}</ul>`;
}

/** The page of railroad diagrams: one file that needs nothing else. */
export function railroadPage({ chapters }: LanguageDocument): string {
  const users = usersOf(chapters.flatMap(({ rules }) => rules));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Drops: syntax diagrams</title>
<style>${style}</style>
</head>
<body>
<nav aria-label="Rules">
<strong>Drops</strong>
${chapters.map(indexMarkup).join('\n')}
</nav>
<main>
<h1>Syntax diagrams of Drops</h1>
<p>Follow the line from the left dot to the right one. Round boxes are written as they stand, square boxes are
rules to follow, dashed ones stand for one character of a set. Generated from the parser.</p>
${chapters.map((chapter) => chapterMarkup(chapter, users)).join('\n')}
</main>
</body>
</html>
`;
}

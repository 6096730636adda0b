import { maximalBulk, maximalDepth } from '@drops/syntax';
import type { Chapter, DocumentRule, LanguageDocument } from './document/build-document.js';
import type { Node } from './document/nodes.js';

const width = 100;

/** A text in quotes; W3C notation has no escapes, so the other quote surrounds a quote. */
function quoted(value: string): string {
  return value.includes('"') ? `'${value}'` : `"${value}"`;
}

function needsBrackets(node: Node): boolean {
  return node.kind === 'choice' || node.kind === 'sequence' || (node.kind === 'repeat' && !!node.separator);
}

const bracketed = (node: Node) => (needsBrackets(node) ? `( ${flat(node)} )` : flat(node));

function repeated(node: Node & { readonly kind: 'repeat' }): string {
  const item = bracketed(node.item);
  if (!node.separator) return `${item}${node.least === 0 ? '*' : '+'}`;
  const list = `${item} ( ${bracketed(node.separator)} ${item} )*`;
  return node.least === 1 ? list : `( ${list} )?`;
}

/** A node on one line. */
export function flat(node: Node): string {
  switch (node.kind) {
    case 'text':
      return quoted(node.text);
    case 'class':
      return node.text;
    case 'name':
      return node.name;
    case 'sequence':
      return node.items.map((item) => (item.kind === 'choice' ? bracketed(item) : flat(item))).join(' ');
    case 'choice':
      return node.items.map(flat).join(' | ');
    case 'optional':
      return `${bracketed(node.item)}?`;
    case 'repeat':
      return repeated(node);
  }
}

const pad = (columns: number) => ' '.repeat(columns);

/** Pieces side by side, on as many lines as they need. */
function fill(pieces: readonly string[], joint: string, column: number): string {
  const lines: string[] = [];
  let line = '';
  for (const piece of pieces) {
    const longer = line === '' ? piece : `${line}${joint}${piece}`;
    if (line !== '' && column + longer.length > width) {
      lines.push(line);
      line = `${joint.trimStart()}${piece}`;
    } else line = longer;
  }
  return [...lines, line].join(`\n${pad(column)}`);
}

function inBrackets(node: Node, ending: string, column: number): string {
  const inner = broken(node, column + 2);
  return inner.includes('\n') ? `( ${inner}\n${pad(column)})${ending}` : `( ${inner} )${ending}`;
}

/** A node over several lines, where it does not fit on one that begins at `column`. */
function broken(node: Node, column: number): string {
  const line = flat(node);
  if (column + line.length <= width) return line;
  switch (node.kind) {
    case 'choice': {
      const pieces = node.items.map(flat);
      if (pieces.every((piece) => piece.length <= 24)) return fill(pieces, ' | ', column - 2);
      return node.items
        .map((item) => (item.kind === 'choice' ? inBrackets(item, '', column) : broken(item, column)))
        .join(`\n${pad(column - 2)}| `);
    }
    case 'sequence':
      return brokenSequence(node.items, column);
    case 'optional':
      return needsBrackets(node.item) ? inBrackets(node.item, '?', column) : line;
    case 'repeat':
      if (node.separator || !needsBrackets(node.item)) return line;
      return inBrackets(node.item, node.least === 0 ? '*' : '+', column);
    default:
      return line;
  }
}

/** What fits stays together on a line; what needs several lines begins one of its own. */
function brokenSequence(items: readonly Node[], column: number): string {
  const lines: string[] = [];
  let short: string[] = [];
  const flush = () => {
    if (short.length > 0) lines.push(fill(short, ' ', column));
    short = [];
  };
  for (const item of items) {
    const piece = item.kind === 'choice' ? inBrackets(item, '', column) : broken(item, column);
    if (!piece.includes('\n')) {
      short.push(piece);
      continue;
    }
    flush();
    lines.push(piece);
  }
  flush();
  return lines.join(`\n${pad(column)}`);
}

/** A rule in W3C notation, on as many lines as it needs. */
export function ruleText({ name, node }: DocumentRule): string {
  const oneLine = `${name} ::= ${flat(node)}`;
  if (oneLine.length <= width) return oneLine;
  return `${name} ::=\n${pad(6)}${broken(node, 6)}`;
}

/** What stands between backticks stays on one line. */
const spaceOutsideCode = / (?=(?:[^`]*`[^`]*`)*[^`]*$)/;

function wrap(words: string, columns: number): readonly string[] {
  const lines: string[] = [];
  for (const word of words.split(spaceOutsideCode)) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= columns)
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function comment(words: string): string {
  return `/* ${wrap(words, width - 6).join('\n   ')} */`;
}

function chapterText({ title, comment: words, rules }: Chapter): string {
  const bar = '='.repeat(Math.max(4, width - title.length - 11));
  const texts = rules.map((rule) => `${rule.note ? `${comment(rule.note)}\n` : ''}${ruleText(rule)}`);
  return [`/* ==== ${title} ${bar} */`, comment(words), ...texts].join('\n\n');
}

const preface = `/* The grammar of Drops.

   Generated from the parser by \`pnpm grammar\`; a test compares this file with it.

   Notation: that of the W3C.  ::= is;  | or;  ? at most one;  * any number;  + at least one;
   ( ) groups;  "text" stands for itself;  [a-z] is one character of a set and [^a-z] one outside of it,
   with a backslash before a backslash and in \\n;  [^] is any character.  Alternatives are tried in their
   order.  UPPER_CASE names are tokens and admit nothing between their parts; between the parts of all
   other rules white space and comments may stand.

   Statements end at ";", at a blank line, and at a line break outside of brackets and strings, unless the
   next line is indented further than the first line of the statement, or begins with "then", "|", a key, a
   member name and its colon, or a clause or option word of that statement which no statement begins with.
   Two statements on one line need ";" between them.  At most ${maximalBulk} writes stand in a bulk, and brackets
   nest at most ${maximalDepth} deep. */`;

/** The whole document as EBNF. */
export function ebnfText(document: LanguageDocument): string {
  return `${[preface, ...document.chapters.map(chapterText)].join('\n\n\n')}\n`;
}

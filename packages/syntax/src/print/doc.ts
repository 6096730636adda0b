/** A text that knows where it may be broken. */
export type Doc =
  | string
  | readonly Doc[]
  /** A line break in a broken group, `flat` in one that fits. */
  | { readonly kind: 'line'; readonly flat: string }
  | { readonly kind: 'indent'; readonly doc: Doc }
  | { readonly kind: 'group'; readonly doc: Doc };

/** A space, or a line break. */
export const line: Doc = { kind: 'line', flat: ' ' };
/** Nothing, or a line break. */
export const softLine: Doc = { kind: 'line', flat: '' };

/** Broken as a whole, or not at all. */
export function group(...doc: readonly Doc[]): Doc {
  return { kind: 'group', doc };
}

/** What is broken inside stands two columns further in. */
export function indent(...doc: readonly Doc[]): Doc {
  return { kind: 'indent', doc };
}

/** Docs with a separator between them. */
export function join(separator: Doc, docs: readonly Doc[]): Doc {
  return docs.flatMap((doc, index) => (index === 0 ? [doc] : [separator, doc]));
}

interface Task {
  readonly doc: Doc;
  readonly indent: number;
  readonly flat: boolean;
}

/** Whether everything up to the next line break fits into what is left of the line. */
function fits(first: Task, rest: readonly Task[], room: number): boolean {
  const todo = [first];
  let below = rest.length - 1;
  let left = room;
  while (left >= 0) {
    const task = todo.pop() ?? rest[below--];
    if (!task) return true;
    const { doc, flat } = task;
    if (typeof doc === 'string') {
      const lineEnd = doc.indexOf('\n');
      if (lineEnd !== -1) return left >= lineEnd;
      left -= doc.length;
    } else if (isList(doc)) {
      for (let at = doc.length - 1; at >= 0; at -= 1) todo.push({ ...task, doc: doc[at] ?? '' });
    } else if (doc.kind === 'line') {
      if (!flat) return true;
      left -= doc.flat.length;
    } else todo.push({ ...task, doc: doc.doc });
  }
  return false;
}

function isList(doc: Exclude<Doc, string>): doc is readonly Doc[] {
  return Array.isArray(doc);
}

/** Sets a doc into lines of at most `width` columns, where it can be broken. */
export function layOut(doc: Doc, width: number): string {
  const todo: Task[] = [{ doc, indent: 0, flat: false }];
  const out: string[] = [];
  let column = 0;
  for (let task = todo.pop(); task; task = todo.pop()) {
    const { doc: current, flat } = task;
    if (typeof current === 'string') {
      out.push(current);
      const lineEnd = current.lastIndexOf('\n');
      column = lineEnd === -1 ? column + current.length : current.length - lineEnd - 1;
    } else if (isList(current)) {
      for (let at = current.length - 1; at >= 0; at -= 1) todo.push({ ...task, doc: current[at] ?? '' });
    } else if (current.kind === 'indent') todo.push({ ...task, doc: current.doc, indent: task.indent + 2 });
    else if (current.kind === 'group') {
      const asFlat = { ...task, doc: current.doc, flat: true };
      todo.push(flat || fits(asFlat, todo, width - column) ? asFlat : { ...asFlat, flat: false });
    } else if (flat) {
      out.push(current.flat);
      column += current.flat.length;
    } else {
      out.push(`\n${' '.repeat(task.indent)}`);
      column = task.indent;
    }
  }
  return out.join('');
}

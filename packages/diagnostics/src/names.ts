/** What is wrong with a name; offsets are relative to it. */
export interface NameFault {
  readonly message: string;
  readonly start: number;
  readonly end: number;
  readonly hint?: string;
}

const maximalSegments = 10;
const maximalRoute = 512;
const maximalKey = 256;
/** Most routes: nothing in them needs a second look. */
const plainRoute = /^[A-Za-z0-9_-]+(?:\/[A-Za-z0-9_-]+){0,9}$/;

function segmentFault(segment: string, start: number): NameFault | undefined {
  const end = start + segment.length;
  if (segment === '')
    return {
      message: 'a route has no empty segment',
      start: Math.max(0, start - 1),
      end: start,
      hint: 'write one slash between segments',
    };
  if (segment === '.' || segment === '..')
    return { message: `\`${segment}\` is no segment of a route`, start, end };
  if (segment === '*') {
    return { message: '`*` stands only at the end of a route, as in `myapp/*`', start, end };
  }
  const odd = /[^A-Za-z0-9_.-]/u.exec(segment);
  if (!odd) return undefined;
  const at = start + odd.index;
  return {
    message: `a route holds letters, digits and \`_.-\`, not \`${odd[0]}\``,
    start: at,
    end: at + odd[0].length,
  };
}

/**
 * Checks the rules for routes: 1–10 segments of `[A-Za-z0-9_.-]`, at most 512 characters, no `.` or `..`.
 * Returns the first fault, or undefined for a good route.
 */
export function checkRoute(path: string): NameFault | undefined {
  if (path.length <= maximalRoute && plainRoute.test(path)) return undefined;
  const whole = { start: 0, end: path.length };
  if (path === '') return { message: 'a route is not empty', ...whole };
  if (path.length > maximalRoute) {
    return {
      message: `a route has at most ${maximalRoute} characters, this one has ${path.length}`,
      ...whole,
    };
  }
  if (path.startsWith('/'))
    return { message: 'a route does not begin with a slash', start: 0, end: 1, hint: 'leave the slash out' };
  if (path.endsWith('/'))
    return {
      message: 'a route does not end in a slash',
      start: path.length - 1,
      end: path.length,
      hint: 'leave the slash out',
    };
  const segments = path.split('/');
  if (segments.length > maximalSegments) {
    return {
      message: `a route has at most ${maximalSegments} segments, this one has ${segments.length}`,
      ...whole,
    };
  }
  let start = 0;
  for (const segment of segments) {
    const fault = segmentFault(segment, start);
    if (fault) return fault;
    start += segment.length + 1;
  }
  return undefined;
}

/** Checks the rules for keys of entities: 1–256 of `[A-Za-z0-9_.-]`, and `/` too where the key is quoted. */
export function checkKey(key: string, quoted = true): NameFault | undefined {
  const whole = { start: 0, end: key.length };
  if (key === '') return { message: 'a key is not empty', ...whole };
  if (key.length > maximalKey) {
    return { message: `a key has at most ${maximalKey} characters, this one has ${key.length}`, ...whole };
  }
  const odd = (quoted ? /[^A-Za-z0-9_./-]/u : /[^A-Za-z0-9_.-]/u).exec(key);
  if (!odd) return undefined;
  const allowed = quoted ? 'letters, digits and `_.-/`' : 'letters, digits and `_.-`';
  return {
    message: `a key holds ${allowed}, not \`${odd[0]}\``,
    start: odd.index,
    end: odd.index + odd[0].length,
  };
}

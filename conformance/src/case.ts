/** The cases as data: the types behind case.schema.json. */

export interface HttpRequest {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly json?: unknown;
  readonly base64?: string;
}

export interface ExpectedError {
  readonly code: string;
  readonly at?: string | readonly [number, number];
  readonly within?: string;
  readonly spanned?: boolean;
  readonly status?: number;
  readonly hint?: string;
  readonly says?: string;
  readonly details?: unknown;
}

export interface Expectation {
  readonly status?: number;
  readonly body?: unknown;
  readonly exactly?: unknown;
  readonly rows?: readonly unknown[];
  readonly drops?: readonly unknown[];
  readonly payloads?: readonly unknown[];
  readonly keys?: readonly unknown[];
  readonly order?: 'exact' | 'any';
  readonly count?: number;
  readonly error?: ExpectedError;
  readonly warning?: string;
  readonly plan?: readonly string[];
  readonly 'ir-equals'?: string;
  readonly sql?: Readonly<Record<string, string>>;
  readonly lines?: readonly unknown[];
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Repetition {
  readonly text: string;
  readonly times: number;
  readonly between?: string;
}

export interface Step {
  readonly key?: string;
  readonly clock?: string;
  readonly wait?: number;
  readonly query?: string;
  readonly repeat?: Readonly<Record<string, Repetition>>;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly on_error?: 'stop' | 'continue';
  readonly http?: HttpRequest;
  readonly expect?: Expectation;
}

/** A statement that makes ready, with who says it where it is somebody. */
export type Preparation = string | { readonly key: string; readonly query: string };

export interface Case extends Step {
  readonly name: string;
  readonly about?: string;
  readonly setup?: readonly Preparation[];
  readonly steps?: readonly Step[];
}

export interface CaseFile {
  readonly about: string;
  readonly setup?: readonly Preparation[];
  readonly fresh?: boolean;
  readonly clock?: string;
  readonly cases: readonly Case[];
}

/** The steps of a case: its own fields are its only step unless it lists several. */
export function stepsOf(test: Case): readonly Step[] {
  return test.steps ?? [test];
}

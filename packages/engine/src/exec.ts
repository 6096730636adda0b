import { DropsError, errorOf } from '@drops/diagnostics';
import type { Snapshot } from '@drops/store';
import { callerOf, type Caller } from './caller.js';
import type { ExecOptions, Reply, TextReply } from './engine.js';
import { gate, type Pass } from './gate.js';
import type { Host } from './host.js';
import { runOnce } from './idempotency.js';
import { perform } from './perform.js';
import { loadParsers, type PreparedStatement } from './prepare.js';
import {
  continuedReply,
  failure,
  scriptReply,
  soleReply,
  soleText,
  success,
  textOf,
  type Outcome,
} from './reply.js';

/** Most characters of a text (contract: Limits). */
const maxStatementLength = 12 * 1024 * 1024;

/**
 * Runs a text: parse, then for each statement compile, bind, gate, perform. Each statement is a transaction of its own
 * and sees the ones before it. Never throws for what the text says: errors are in the reply.
 */
export function execText(host: Host, text: string, options: ExecOptions): Reply | Promise<Reply> {
  if (text.length > maxStatementLength) return soleReply(failure(host, tooLong(text)));
  const caller = callerOf(options);
  const statements = host.prepare(text);
  const loading = loadParsers(statements);
  const run = () => runPrepared(host, text, statements, caller, options);
  return loading ? loading.then(run) : run();
}

/** Runs a script whose statements can be compiled. */
function runPrepared(
  host: Host,
  text: string,
  statements: readonly PreparedStatement[],
  caller: Caller,
  options: ExecOptions,
): Reply | Promise<Reply> {
  const { idempotencyKey } = options;
  if (idempotencyKey === undefined) return runScript(host, text, statements, caller, options);
  return runKeyed(host, text, statements, caller, options, idempotencyKey);
}

/** Runs a script that came with an Idempotency-Key: once, if it writes. */
async function runKeyed(
  host: Host,
  text: string,
  statements: readonly PreparedStatement[],
  caller: Caller,
  options: ExecOptions,
  idempotencyKey: string,
): Promise<Reply> {
  const run = async () => runScript(host, text, statements, caller, options);
  if (!(await writesAnything(host, statements))) return run();
  const request = JSON.stringify([text, options.params ?? null]);
  return runOnce(host, caller.identity, idempotencyKey, request, run);
}

/** The same with the body as text. */
export function answerText(host: Host, text: string, options: ExecOptions): TextReply | Promise<TextReply> {
  if (text.length <= maxStatementLength && options.idempotencyKey === undefined) {
    const statements = host.prepare(text);
    const [only] = statements;
    if (statements.length === 1 && only && !only.readsSql) {
      const outcome = execStatement(host, text, only, callerOf(options, true));
      return outcome instanceof Promise ? outcome.then(soleText) : soleText(outcome);
    }
  }
  const reply = execText(host, text, options);
  return reply instanceof Promise ? reply.then(textOf) : textOf(reply);
}

function tooLong(text: string): DropsError {
  const message = `the text has ${text.length} characters, at most ${maxStatementLength} are read`;
  return new DropsError(errorOf('PAYLOAD_TOO_LARGE', message, { hint: 'big values belong in params' }));
}

/** True when a statement of the script changes state; one that does not compile changes nothing. */
async function writesAnything(host: Host, statements: readonly PreparedStatement[]): Promise<boolean> {
  const snapshot = await host.store.snapshot();
  try {
    return statements.some((statement) => statement.writes(snapshot.definitions));
  } finally {
    snapshot.release();
  }
}

function runScript(
  host: Host,
  text: string,
  statements: readonly PreparedStatement[],
  caller: Caller,
  options: ExecOptions,
): Reply | Promise<Reply> {
  const [only] = statements;
  if (statements.length !== 1 || !only) return runStatements(host, text, statements, caller, options);
  const outcome = execStatement(host, text, only, caller);
  return outcome instanceof Promise ? outcome.then(soleReply) : soleReply(outcome);
}

async function runStatements(
  host: Host,
  text: string,
  statements: readonly PreparedStatement[],
  caller: Caller,
  options: ExecOptions,
): Promise<Reply> {
  const outcomes: Outcome[] = [];
  for (const statement of statements) {
    const outcome = await execStatement(host, text, statement, caller);
    outcomes.push(outcome);
    if (!outcome.ok && options.onError !== 'continue') break;
  }
  return options.onError === 'continue' ? continuedReply(outcomes) : scriptReply(outcomes);
}

/** Runs one statement on the newest state, to its result or its error. What the store answers at once has no promise. */
function execStatement(
  host: Host,
  text: string,
  statement: PreparedStatement,
  caller: Caller,
): Outcome | Promise<Outcome> {
  const opened = host.store.snapshot();
  if (!(opened instanceof Promise)) return execOn(opened, host, text, statement, caller);
  return opened.then(
    (snapshot) => execOn(snapshot, host, text, statement, caller),
    (thrown: unknown) => failure(host, thrown),
  );
}

/** The same on a state, which it releases. */
function execOn(
  snapshot: Snapshot,
  host: Host,
  text: string,
  statement: PreparedStatement,
  caller: Caller,
): Outcome | Promise<Outcome> {
  let place = (thrown: unknown): unknown => thrown;
  let later = false;
  try {
    const ready = statement.ready(snapshot.definitions, caller.params);
    place = ready.place;
    const { plan, effects } = ready;
    const pass = gate(host, snapshot, {
      identity: caller.identity,
      plan,
      effects,
      protects: caller.policy.autoProtect,
    });
    const run = (entered: Pass) => perform(host, snapshot, ready, caller, entered);
    const result = pass instanceof Promise ? pass.then(run) : run(pass);
    if (!(result instanceof Promise)) return success(result, ready.warnings, text);
    later = true;
    return result
      .then(
        (found) => success(found, ready.warnings, text),
        (thrown: unknown) => failure(host, place(thrown), text),
      )
      .finally(() => snapshot.release());
  } catch (thrown) {
    return failure(host, place(thrown), text);
  } finally {
    if (!later) snapshot.release();
  }
}

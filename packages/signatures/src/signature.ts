import {
  isInnerList,
  isValidKeyStr,
  parseDictionary,
  serializeDictionary,
  serializeInnerList,
  type InnerList,
} from 'structured-headers';
import { componentValue, type RequestMessage } from './message.js';

/** What a signature says of itself (RFC 9421 §2.3). */
export interface SignatureParameters {
  /** Names of the covered components, in their order. */
  readonly components: readonly string[];
  /** Seconds since the epoch. */
  readonly created?: number;
  readonly expires?: number;
  readonly keyid?: string;
  readonly alg?: string;
  readonly nonce?: string;
}

/** One signature of a message: its label, its parameters, its bytes. */
export interface MessageSignature {
  readonly label: string;
  readonly parameters: SignatureParameters;
  /** The parameters as they were sent: the base repeats them byte for byte in their canonical form. */
  readonly canonical: string;
  readonly bytes: Uint8Array;
}

/** What cannot be read or built; the message says what, never a value of the request. */
export class SignatureError extends Error {
  override readonly name = 'SignatureError';
}

function bytesOf(value: unknown): Uint8Array | undefined {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  return value instanceof Uint8Array ? value : undefined;
}

function dictionaryOf(header: string, name: string): ReturnType<typeof parseDictionary> {
  try {
    return parseDictionary(header);
  } catch {
    throw new SignatureError(`the header ${name} is no dictionary of structured fields (RFC 9651)`);
  }
}

/** Components with parameters of their own (`;sf`, `;key`, `;req`, …) are not taken: none is needed to sign a request here. */
function componentsOf([items]: InnerList): readonly string[] {
  return items.map(([name, parameters]) => {
    if (typeof name !== 'string' || parameters.size > 0) {
      throw new SignatureError('a covered component is a name in quotes, without parameters');
    }
    return name;
  });
}

function parametersOf(list: InnerList): SignatureParameters {
  const given = list[1];
  const number = (name: string): number | undefined => {
    const value = given.get(name);
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isInteger(value)) return value;
    throw new SignatureError(`${name} is a whole number of seconds`);
  };
  const text = (name: string): string | undefined => {
    const value = given.get(name);
    if (value === undefined) return undefined;
    if (typeof value === 'string') return value;
    throw new SignatureError(`${name} is a text in quotes`);
  };
  const [created, expires, keyid, alg, nonce] = [
    number('created'),
    number('expires'),
    text('keyid'),
    text('alg'),
    text('nonce'),
  ];
  return {
    components: componentsOf(list),
    ...(created !== undefined && { created }),
    ...(expires !== undefined && { expires }),
    ...(keyid !== undefined && { keyid }),
    ...(alg !== undefined && { alg }),
    ...(nonce !== undefined && { nonce }),
  };
}

/** The signatures of a message, of its headers `Signature-Input` and `Signature` (RFC 9421 §4). SignatureError. */
export function readSignatures(inputHeader: string, signatureHeader: string): readonly MessageSignature[] {
  const inputs = dictionaryOf(inputHeader, 'Signature-Input');
  const signatures = dictionaryOf(signatureHeader, 'Signature');
  return [...inputs].map(([label, list]) => {
    const bytes = bytesOf(signatures.get(label)?.[0]);
    if (!isInnerList(list))
      throw new SignatureError('Signature-Input gives a list of components for each label');
    if (!bytes) throw new SignatureError('Signature has no bytes for a label of Signature-Input');
    return { label, parameters: parametersOf(list), canonical: serializeInnerList(list), bytes };
  });
}

/** Parameters as an inner list; `created`, `expires`, `keyid`, `alg`, `nonce` in this order. */
function innerList({ components, created, expires, keyid, alg, nonce }: SignatureParameters): InnerList {
  const parameters = new Map<string, string | number>();
  if (created !== undefined) parameters.set('created', created);
  if (expires !== undefined) parameters.set('expires', expires);
  if (keyid !== undefined) parameters.set('keyid', keyid);
  if (alg !== undefined) parameters.set('alg', alg);
  if (nonce !== undefined) parameters.set('nonce', nonce);
  return [components.map((name) => [name, new Map()]), parameters];
}

/** The canonical text of the parameters of a signature that is still to be made. */
export function canonicalParameters(parameters: SignatureParameters): string {
  return serializeInnerList(innerList(parameters));
}

/** The text that is signed (RFC 9421 §2.5). SignatureError for a component that the message lacks or that is covered twice. */
export function signatureBase(
  message: RequestMessage,
  components: readonly string[],
  canonical: string,
): string {
  const lines = components.map((name, place) => {
    if (components.indexOf(name) !== place) throw new SignatureError(`"${name}" is covered twice`);
    const value = name === name.toLowerCase() ? componentValue(message, name) : undefined;
    if (value === undefined) throw new SignatureError(`the request has no component "${name.slice(0, 60)}"`);
    return `"${name}": ${value}\n`;
  });
  return `${lines.join('')}"@signature-params": ${canonical}`;
}

/** The two headers that carry a signature. */
export function signatureHeaders(
  label: string,
  parameters: SignatureParameters,
  bytes: Uint8Array<ArrayBuffer>,
): { readonly 'signature-input': string; readonly signature: string } {
  if (!isValidKeyStr(label)) throw new SignatureError('a label is a key of structured fields');
  return {
    'signature-input': serializeDictionary(new Map([[label, innerList(parameters)]])),
    signature: serializeDictionary(new Map([[label, [bytes.buffer, new Map()]]])),
  };
}

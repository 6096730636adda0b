import type { Json, JsonObject } from '@drops/ir';
import { exportFormats, type ExportSpec } from './export-spec.js';
import { writeExport } from './write/write-export.js';

export interface Sample {
  readonly key: string | null;
  readonly payload: Json;
  readonly price?: number;
  readonly expiresAt?: number;
}

/** Samples as drops, all of one time, with ids that follow from their places. */
export function dropsOf(samples: readonly Sample[], route = 'users'): JsonObject[] {
  return samples.map(({ key, payload, price, expiresAt }, i) => ({
    drop_id: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
    route,
    key,
    source: null,
    payload,
    created_at: '2026-02-06T12:00:00.123Z',
    version: 1,
    tx: i + 1,
    ...(price !== undefined && { price }),
    ...(expiresAt !== undefined && { expires_at: new Date(expiresAt).toISOString() }),
  }));
}

export async function textOf(drops: readonly JsonObject[], spec: Partial<ExportSpec>): Promise<string> {
  async function* rows() {
    for (let i = 0; i < drops.length; i += 2) yield drops.slice(i, i + 2);
  }
  const chunks: string[] = [];
  const all = await writeExport({ format: 'ndjson', route: 'users', ...spec }, rows);
  for await (const chunk of all) chunks.push(chunk);
  return chunks.join('');
}

/** A text in pieces, so that no reader relies on where a chunk ends. */
export function* piecesOf(text: string, size: number): Generator<string> {
  for (let i = 0; i < text.length; i += size) yield text.slice(i, i + size);
}

type Shape = Pick<ExportSpec, 'format' | 'dialect'>;

/** Every format, SQL in each dialect. */
export const shapes: readonly Shape[] = exportFormats.flatMap((format): readonly Shape[] =>
  format === 'sql'
    ? (['sql', 'mysql', 'sqlite'] as const).map((dialect) => ({ format, dialect }))
    : [{ format }],
);

/** Everything that has gone wrong in an export somewhere. */
export const hostile: readonly Sample[] = [
  {
    key: 'ada',
    payload: {
      name: `O'Brien \\ "quoted" \`tick\` \\' %_! -- ; $1 ?`,
      lines: 'a\nb\r\nc\rd\te',
      unicode: 'é 𝒳 ｚ \u2028 \uFEFF 日本',
      n: 36,
      d: 0.1,
      yes: true,
      mixed: 'text',
      tags: ['x, y', 1, null, { a: '";' }],
      address: { city: 'Oslo', geo: { lat: 1.5 }, none: null, empty: {} },
    },
  },
  {
    key: 'b-0_.x',
    payload: {
      name: '',
      n: -7,
      d: 1e21,
      yes: false,
      mixed: 10,
      tags: [],
      address: { city: '10', 'a.b': 1 },
      'odd "`\'name': 'x',
      missing: null,
    },
  },
  {
    key: 'team/c',
    payload: { name: '007', n: 9007199254740991, d: -5e-324, mixed: null, tags: 'no list', json: '{"a":1}' },
  },
  { key: '10', payload: { name: 'null', d: 1.7976931348623157e308, mixed: [true], json: '[1' } },
  { key: 'e', payload: {} },
  { key: 'f', payload: { constructor: 'own', name: 'true', mixed: '10' } },
];

/** Events, and payloads that are no objects. */
export const events: readonly Sample[] = [
  { key: null, payload: { kind: 'click', at: 3 } },
  { key: null, payload: 'a text' },
  { key: null, payload: 42 },
  { key: null, payload: [1, 'two'] },
  { key: 'x', payload: '' },
];

import type { TextPeer } from '../text-peer.js';
import { drops, dropsIndex } from './drops.js';
import { flexsearch } from './flexsearch.js';
import { fts5 } from './fts5.js';
import { minisearch } from './minisearch.js';
import { orama } from './orama.js';
import { postgresText } from './postgres.js';

export { drops, dropsIndex, flexsearch, fts5, minisearch, orama, postgresText };

export const textPeers: readonly TextPeer[] = [drops, dropsIndex, fts5, minisearch, flexsearch, orama];
export const rankedPeers: readonly TextPeer[] = [drops, fts5, minisearch, flexsearch, orama, postgresText];

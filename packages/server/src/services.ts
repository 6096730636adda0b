import type { Engine } from '@drops/engine';

/** What the endpoints work with. */
export interface Services {
  readonly engine: Engine;
  /** Whether a credential is the admin token; undefined when there is none. */
  readonly isAdminToken: ((credential: string) => boolean) | undefined;
  /** The address that clients know the server by, where it is not the one of their requests. */
  readonly publicUrl: string | undefined;
  /** The last address of X-Forwarded-For is the one that a request came from. */
  readonly trustProxy: boolean;
  /** In ms: what the age of signatures is told by. */
  readonly clock: () => number;
  /** Open connections, for /health and /metrics. */
  readonly activeConnections: () => number;
  /** Requests that came in since the start, for /metrics. */
  readonly requests: () => number;
  /** How writes are acknowledged, for /health. */
  readonly durability: 'full' | 'relaxed';
  /** Which of several processes this is; undefined when it is the only one. */
  readonly worker: { readonly id: number; readonly of: number } | undefined;
  /** Told of faults of ours; replies never show them. */
  readonly onFault: (fault: unknown) => void;
}

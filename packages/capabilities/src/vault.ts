import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail } from '@drops/diagnostics';

/**
 * Keeps small secrets in records of the store: sealed, or as names that only the server can work out. Whoever has a copy of
 * the data but not the server's secret learns nothing from either.
 */
export interface Vault {
  /** AES-256-GCM under the server's secret; `purpose` must be the same to open it. */
  seal(text: string, purpose: string): string;
  /** What was sealed. CONFLICT when the secret is another one than it was sealed under. */
  open(sealed: string, purpose: string): string;
  /** HMAC-SHA-256 in hex: a name for what must not be read, the same each time. */
  name(text: string, purpose: string): string;
}

interface Keys {
  readonly seal: Buffer;
  readonly name: Buffer;
}

const derive = (secret: string, use: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, 'drops', use, 32));

/** A vault under a secret, which is asked for when it is first needed. */
export function createVault(secret: () => string): Vault {
  let keys: Keys | undefined;
  const held = (): Keys => {
    if (!keys) {
      const text = secret();
      keys = { seal: derive(text, 'seal'), name: derive(text, 'name') };
    }
    return keys;
  };
  return {
    seal(text, purpose) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', held().seal, nonce).setAAD(Buffer.from(purpose));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
    },
    open(sealed, purpose) {
      const bytes = Buffer.from(sealed, 'base64url');
      try {
        const decipher = createDecipheriv('aes-256-gcm', held().seal, bytes.subarray(0, 12))
          .setAAD(Buffer.from(purpose))
          .setAuthTag(bytes.subarray(12, 28));
        return decipher.update(bytes.subarray(28), undefined, 'utf8') + decipher.final('utf8');
      } catch {
        return fail('CONFLICT', 'a record of this store was sealed under another secret of the server', {
          hint: 'set DROPS_SECRET, or bring back the file `secret` of the data',
        });
      }
    },
    name: (text, purpose) => createHmac('sha256', held().name).update(`${purpose}\n${text}`).digest('hex'),
  };
}

/**
 * The secret of a server: the file `secret` in a folder, made with random bytes when it is not there. Of several processes
 * that make it at once one wins, and all have the same.
 */
export function secretInFolder(folder: string): string {
  const file = join(folder, 'secret');
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  mkdirSync(folder, { recursive: true });
  // A link appears whole or not at all, and never replaces.
  const draft = join(folder, `secret-${process.pid}-${randomBytes(4).toString('hex')}`);
  writeFileSync(draft, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flush: true });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return readFileSync(file, 'utf8').trim();
}

import nacl from 'tweetnacl';

/** Both halves of an Ed25519 key, base64url without padding, 43 characters each (RFC 8032 seed, RFC 4648 §5). */
export interface Keypair {
  readonly public: string;
  readonly private: string;
}

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

/** A new keypair from the system's randomness. The private half is the 32-byte seed. */
export function generateKeypair(): Keypair {
  const pair = nacl.sign.keyPair();
  return { public: base64url(pair.publicKey), private: base64url(pair.secretKey.subarray(0, 32)) };
}

import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { contentDigestHeader, readContentDigest } from './content-digest.js';
import type { RequestMessage } from './message.js';
import { canonicalParameters, readSignatures, signatureBase, signatureHeaders } from './signature.js';

/** The request of RFC 9421 appendix B.2. */
const headers: Readonly<Record<string, string>> = {
  host: 'example.com',
  date: 'Tue, 20 Apr 2021 02:07:55 GMT',
  'content-type': 'application/json',
  'content-digest':
    'sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:',
  'content-length': '18',
};
const request: RequestMessage = {
  method: 'POST',
  scheme: 'https',
  authority: 'example.com',
  target: '/foo?param=Value&Pet=dog',
  header: (name) => headers[name],
};

/** The key of appendix B.1.4. */
const publicKey = createPublicKey(`-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=
-----END PUBLIC KEY-----`);
const privateKey = createPrivateKey(`-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF
-----END PRIVATE KEY-----`);

describe('the vector of RFC 9421 B.2.6 (ed25519)', () => {
  const input =
    'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"';
  const signature =
    'sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:';
  const base = `"date": Tue, 20 Apr 2021 02:07:55 GMT
"@method": POST
"@path": /foo
"@authority": example.com
"content-type": application/json
"content-length": 18
"@signature-params": ("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"`;

  it('is read, has the base of the RFC, and holds', () => {
    const [found, ...others] = readSignatures(input, signature);
    if (!found) throw new Error('no signature was found');
    expect(others).toEqual([]);
    expect(found.parameters).toEqual({
      components: ['date', '@method', '@path', '@authority', 'content-type', 'content-length'],
      created: 1618884473,
      keyid: 'test-key-ed25519',
    });
    const text = signatureBase(request, found.parameters.components, found.canonical);
    expect(text).toBe(base);
    expect(verify(null, Buffer.from(text), publicKey, found.bytes)).toBe(true);
    const other = signatureBase({ ...request, method: 'GET' }, found.parameters.components, found.canonical);
    expect(verify(null, Buffer.from(other), publicKey, found.bytes)).toBe(false);
  });

  it('is what signing gives', () => {
    const parameters = {
      components: ['date', '@method', '@path', '@authority', 'content-type', 'content-length'],
      created: 1618884473,
      keyid: 'test-key-ed25519',
    };
    const text = signatureBase(request, parameters.components, canonicalParameters(parameters));
    const bytes = new Uint8Array(sign(null, Buffer.from(text), privateKey));
    expect(signatureHeaders('sig-b26', parameters, bytes)).toEqual({ 'signature-input': input, signature });
  });
});

describe('the bases of other vectors of RFC 9421', () => {
  it.each([
    [
      'B.2.1: no component at all',
      'sig-b21=();created=1618884473;keyid="test-key-rsa-pss";nonce="b3k2pp5k7z-50gnwp.yemd"',
      '"@signature-params": ();created=1618884473;keyid="test-key-rsa-pss";nonce="b3k2pp5k7z-50gnwp.yemd"',
    ],
    [
      'B.2.3: all that a request has, but parameters of components',
      'sig=("date" "@method" "@path" "@query" "@authority" "content-type" "content-digest" "content-length");created=1618884473;keyid="test-key-rsa-pss"',
      `"date": Tue, 20 Apr 2021 02:07:55 GMT
"@method": POST
"@path": /foo
"@query": ?param=Value&Pet=dog
"@authority": example.com
"content-type": application/json
"content-digest": ${headers['content-digest']}
"content-length": 18
"@signature-params": ("date" "@method" "@path" "@query" "@authority" "content-type" "content-digest" "content-length");created=1618884473;keyid="test-key-rsa-pss"`,
    ],
  ])('%s', (_, input, base) => {
    const label = input.slice(0, input.indexOf('='));
    const [found] = readSignatures(input, `${label}=:AA==:`);
    if (!found) throw new Error('no signature was found');
    expect(signatureBase(request, found.parameters.components, found.canonical)).toBe(base);
  });

  it('§2.2: derived components', () => {
    const with443 = { ...request, authority: 'EXAMPLE.com:443', target: '/path' };
    const base = signatureBase(with443, ['@authority', '@target-uri', '@query', '@request-target'], '()');
    expect(base.split('\n').slice(0, 4)).toEqual([
      '"@authority": example.com',
      '"@target-uri": https://example.com/path',
      '"@query": ?',
      '"@request-target": /path',
    ]);
  });
});

describe('what is no signature of ours', () => {
  it.each([
    ['no dictionary', '(', 'a=:AA==:'],
    ['no list of components', 'a=1', 'a=:AA==:'],
    ['a component with parameters', 'a=("x";bs)', 'a=:AA==:'],
    ['a component that is no text', 'a=(1)', 'a=:AA==:'],
    ['no bytes', 'a=()', 'a="text"'],
    ['another label', 'a=()', 'b=:AA==:'],
    ['a time that is no number', 'a=();created="now"', 'a=:AA==:'],
    ['a key that is no text', 'a=();keyid=1', 'a=:AA==:'],
  ])('%s', (_, input, signature) => {
    expect(() => readSignatures(input, signature)).toThrow(
      expect.objectContaining({ name: 'SignatureError' }),
    );
  });

  it.each([[['date', 'date']], [['x-missing']], [['@status']], [['Date']]])('covers %j', (components) => {
    expect(() => signatureBase(request, components, '()')).toThrow(
      expect.objectContaining({ name: 'SignatureError' }),
    );
  });
});

describe('Content-Digest', () => {
  it('is read as RFC 9530 and RFC 9421 write it', () => {
    const [digest] = readContentDigest(headers['content-digest'] ?? '');
    expect(digest?.algorithm).toBe('sha-512');
    const expected = createHash('sha512').update('{"hello": "world"}').digest();
    expect(Buffer.from(digest?.bytes ?? [])).toEqual(expected);
  });

  it('is written as RFC 9530 §2 shows it', () => {
    const digest = new Uint8Array(createHash('sha256').update('{"hello": "world"}\n').digest());
    expect(contentDigestHeader('sha-256', digest.buffer)).toBe(
      'sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:',
    );
  });

  it('leaves out algorithms that prove nothing', () => {
    expect(readContentDigest('md5=:AAAA:, sha-256=:AAAA:')).toHaveLength(1);
    expect(() => readContentDigest('sha-256=1')).toThrow();
    expect(() => readContentDigest('?')).toThrow();
  });
});

export {
  contentDigestHeader,
  readContentDigest,
  type ContentDigest,
  type DigestAlgorithm,
} from './content-digest.js';
export { componentValue, type RequestMessage } from './message.js';
export {
  canonicalParameters,
  readSignatures,
  signatureBase,
  signatureHeaders,
  SignatureError,
  type MessageSignature,
  type SignatureParameters,
} from './signature.js';

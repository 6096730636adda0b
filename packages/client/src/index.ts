export {
  createClient,
  RequestError,
  type Client,
  type ClientOptions,
  type ExecOptions,
  type Json,
} from './client.js';
export { signedHeaders, signerOf, type OutgoingRequest, type Signer } from './sign-request.js';

import { declare, optional, required, type Capability } from '../declare.js';
import { login } from './login.js';
import { me } from './me.js';
import { resolve } from './resolve.js';
import { verify } from './verify.js';
import { whoami } from './whoami.js';

/** Sign-in by a link in a mail, and who one is. */
export const auth: readonly Capability[] = [
  declare({
    service: 'auth',
    verb: 'login',
    summary: 'Sends a sign-in link, which works once, for 15 minutes',
    by: 'anyone',
    parameters: [
      required('email', 'text', 'the address that the link is sent to'),
      optional('callback_url', 'text', 'where the link leads; default: to GET /auth/verify'),
      optional('app_name', 'text', 'what one signs in to', { default: 'InfiniteOcean' }),
      optional('subject', 'text', 'the subject of the mail; default: Sign in to {app_name}'),
    ],
    rest: { method: 'POST', path: '/auth/login', parameters: 'body' },
    run: login,
  }),
  declare({
    service: 'auth',
    verb: 'verify',
    summary: 'Gives the key of whoever got the link',
    by: 'anyone',
    parameters: [required('token', 'text', 'the token of the link')],
    rest: { method: 'GET', path: '/auth/verify', parameters: 'query' },
    run: verify,
  }),
  declare({
    service: 'auth',
    verb: 'me',
    summary: 'The account of the caller',
    rest: { method: 'GET', path: '/auth/me', parameters: 'query' },
    run: me,
  }),
  declare({
    service: 'auth',
    verb: 'resolve',
    summary: 'Tells whether an address has signed in before, and its public id',
    by: 'anyone',
    parameters: [required('email', 'text', 'the address')],
    rest: { method: 'POST', path: '/auth/resolve', parameters: 'body' },
    run: resolve,
  }),
  declare({
    service: 'auth',
    verb: 'whoami',
    summary: 'Who the caller is',
    by: 'anyone',
    rest: { method: 'GET', path: '/whoami', parameters: 'query' },
    run: whoami,
  }),
];

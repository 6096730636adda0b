import { declare, optional, required, type Capability } from '../declare.js';

/** E-mail: a mailbox, its domain, and sending. Every message is a drop below `mail/`. */
export const mail: readonly Capability[] = [
  declare({
    service: 'mail',
    verb: 'send',
    summary: 'Sends an e-mail and keeps a copy in the sent folder',
    parameters: [
      optional('from', 'text', 'the sender, on a domain one owns'),
      required('to', 'texts', 'one address or several'),
      optional('cc', 'texts', 'who gets a copy'),
      optional('bcc', 'texts', 'who gets a copy unseen'),
      optional('reply_to', 'texts', 'where answers go'),
      optional('subject', 'text', 'the subject line', { default: '(no subject)' }),
      optional('body', 'text', 'the text of the message'),
      optional('html', 'text', 'the message as HTML'),
      optional('text', 'text', 'the plain text beside HTML'),
    ],
    effects: [{ action: 'act', route: 'mail' }],
    rest: { method: 'POST', path: '/mail/send', parameters: 'body' },
  }),
  declare({
    service: 'mail',
    verb: 'claim',
    summary: 'Claims a mailbox',
    parameters: [required('username', 'text', '3 to 30 characters: a-z, 0-9 and inner hyphens')],
    effects: [{ action: 'act', route: 'mail/{username}' }],
    rest: { method: 'POST', path: '/mail/claim', parameters: 'body' },
  }),
  declare({
    service: 'mail',
    verb: 'domain_add',
    summary: 'Adds a domain for mail and gives its DNS records',
    parameters: [required('domain', 'text', 'the domain')],
    effects: [{ action: 'act', route: 'mail/domains' }],
    rest: { method: 'POST', path: '/mail/domain', parameters: 'body' },
  }),
];

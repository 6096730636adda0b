/** What a statement that is no question about rows is called in a message. */
export const sentences = {
  DefineSchema: 'define',
  DefineIndex: 'an index definition',
  Undefine: 'undefine',
  Validate: 'validate',
  Grant: 'share',
  Revoke: 'unshare',
  SetPolicy: 'write public',
  Call: 'run',
  Trigger: 'a webhook',
  Schedule: 'a schedule',
  Drop: 'the removal of a webhook or schedule',
  Inspect: 'this listing',
  Export: 'export',
  Translate: 'translate',
  Explain: 'explain',
} as const satisfies Record<string, string>;

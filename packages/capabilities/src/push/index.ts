import { declare, optional, required, type Capability } from '../declare.js';

/** Web Push: messages to the browsers of keys, and subscriptions to routes. */
export const push: readonly Capability[] = [
  declare({
    service: 'push',
    verb: 'send',
    summary: 'Sends a notification to the browsers of some keys',
    parameters: [
      required('title', 'text', 'the title'),
      optional('to', 'texts', 'one key or several'),
      optional('body', 'text', 'the text below the title'),
      optional('url', 'text', 'what a click opens'),
    ],
    effects: [{ action: 'act', route: '_push' }],
    rest: { method: 'POST', path: '/push/send', parameters: 'body' },
  }),
  declare({
    service: 'push',
    verb: 'subscribe',
    summary: 'Sends a notification for each drop written below a route',
    target: 'required',
    effects: [{ action: 'read', route: '{target}' }],
    rest: {
      method: 'POST',
      path: '/push/route-subscribe',
      target: { place: 'body', name: 'prefix' },
      parameters: 'body',
    },
  }),
  declare({
    service: 'push',
    verb: 'subscriptions',
    summary: 'Lists the subscriptions to routes',
    rest: { method: 'GET', path: '/push/route-subscriptions', parameters: 'query' },
  }),
  declare({
    service: 'push',
    verb: 'unsubscribe',
    summary: 'Ends a subscription to a route',
    parameters: [required('id', 'text', 'the id of the subscription')],
    rest: { method: 'DELETE', path: '/push/route-subscribe/{id}', parameters: 'path' },
  }),
];

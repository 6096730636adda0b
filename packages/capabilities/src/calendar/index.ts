import { declare, optional, required, type Capability } from '../declare.js';

const target = { place: 'path', name: 'target' } as const;

/** Calendar events on any route: an entity with `title` and `start` is one. */
export const calendar: readonly Capability[] = [
  declare({
    service: 'calendar',
    verb: 'event',
    summary: 'Saves an event and, if asked, sends invitations',
    target: 'required',
    key: 'optional',
    parameters: [
      required('title', 'text', 'what it is called'),
      required('start', 'text', 'when it begins, ISO 8601; a date alone means all day'),
      optional('end', 'text', 'when it ends'),
      optional('description', 'text', 'more about it'),
      optional('location', 'any', 'where it is'),
      optional('organizer', 'text', 'the address that invites'),
      optional('attendees', 'list', 'who is invited: { email }'),
      optional('rrule', 'text', 'how it repeats, such as FREQ=WEEKLY;BYDAY=MO'),
      optional('status', 'text', 'how sure it is', { options: ['confirmed', 'tentative', 'cancelled'] }),
      optional('send_invites', 'boolean', 'invites the attendees by e-mail', { default: false }),
    ],
    extra: true,
    effects: [{ action: 'write', route: '{target}' }],
    rest: {
      method: 'POST',
      path: '/calendar/event/{target}',
      target,
      key: { place: 'query', name: 'key' },
      parameters: 'body',
    },
  }),
  declare({
    service: 'calendar',
    verb: 'events',
    summary: 'Lists the events of a route, repeated ones unfolded',
    target: 'required',
    parameters: [optional('start', 'text', 'not before this'), optional('end', 'text', 'not after this')],
    effects: [{ action: 'read', route: '{target}' }],
    rest: { method: 'GET', path: '/calendar/events/{target}', target, parameters: 'query' },
  }),
  declare({
    service: 'calendar',
    verb: 'rsvp',
    summary: 'Answers an invitation',
    target: 'required',
    key: 'required',
    parameters: [
      optional('email', 'text', 'for whom; default: the caller'),
      required('response', 'text', 'the answer', { options: ['accepted', 'declined', 'tentative'] }),
    ],
    effects: [
      { action: 'read', route: '{target}' },
      { action: 'write', route: '{target}' },
    ],
    rest: {
      method: 'POST',
      path: '/calendar/rsvp/{target}',
      target,
      key: { place: 'query', name: 'key' },
      parameters: 'body',
    },
  }),
  declare({
    service: 'calendar',
    verb: 'feed',
    summary: 'Gives the address of an iCalendar feed',
    target: 'required',
    effects: [{ action: 'read', route: '{target}' }],
    rest: { method: 'POST', path: '/calendar/feed/{target}', target, parameters: 'body' },
  }),
];

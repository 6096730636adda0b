import type { Service, ServiceArgument } from '../ast/index.js';
import { findVerb } from '../services.js';
import { group, line, type Doc } from './doc.js';
import { keyText, pairDocs, routeText, valueDoc } from './values.js';

/** How each verb is begun; its operands and options follow from the table of services. */
const beginnings: ReadonlyMap<string, string> = new Map([
  ['mail.claim', 'mail claim'],
  ['mail.domain_add', 'mail domain add'],
  ['mail.send', 'mail'],
  ['push.send', 'push'],
  ['calendar.event', 'event'],
  ['calendar.events', 'events'],
  ['calendar.rsvp', 'rsvp'],
  ['calendar.feed', 'calendar feed'],
  ['key.require_signature', 'key require signature'],
]);

function optionDoc({ name, value }: ServiceArgument): Doc {
  return [line, `${name} `, valueDoc(value)];
}

/** `push "title" to …` where it says all; `push send { … }` for other fields or another order. */
function pushDocs(given: readonly ServiceArgument[]): Doc[] {
  const [title, ...rest] = given;
  const options = findVerb('push', 'send')?.options ?? [];
  const isText = title?.value.kind === 'StringValue' || title?.value.kind === 'Parameter';
  const names = rest.map(({ name }) => name);
  const isShort = title?.name === 'title' && isText && names.every((name) => options.includes(name));
  if (isShort && new Set(names).size === names.length)
    return [' ', valueDoc(title.value), ...rest.map(optionDoc)];
  const members = given.map(({ name, value, span }) => ({ name, value, span }));
  return [' send ', valueDoc({ kind: 'ObjectValue', members, span: { start: 0, end: 0 } })];
}

function rsvpDocs(given: readonly ServiceArgument[]): Doc[] {
  return given.flatMap(({ name, value }) => {
    if (name !== 'response') return [' ', valueDoc(value)];
    return value.kind === 'StringValue' ? [` ${value.value}`] : [];
  });
}

function argumentDocs(service: Service): Doc[] {
  const { arguments: given } = service;
  const entry = findVerb(service.service, service.verb);
  const positional = given.filter(({ name }) => entry?.positional.includes(name));
  const options = given.filter(({ name }) => !entry?.positional.includes(name));
  return [...positional.flatMap(({ value }): Doc[] => [' ', valueDoc(value)]), ...options.map(optionDoc)];
}

/** A statement of a service. */
export function serviceDocs(service: Service): Doc[] {
  const name = `${service.service}.${service.verb}`;
  const target = [
    ...(service.route ? [` ${routeText(service.route)}`] : []),
    ...(service.key ? [` ${keyText(service.key)}`] : []),
  ];
  const begin = beginnings.get(name) ?? `${service.service} ${service.verb}`;
  if (name === 'push.send') return [begin, ...pushDocs(service.arguments)];
  if (name === 'calendar.rsvp') return [begin, ...target, ...rsvpDocs(service.arguments)];
  if (name === 'calendar.event') {
    const isEmpty = service.arguments.length === 0;
    return [begin, ...target, ...(isEmpty ? [' {}'] : pairDocs(service.arguments))];
  }
  if (name === 'subkey.create') {
    return [begin, ...(service.arguments.length === 0 ? [' {}'] : pairDocs(service.arguments))];
  }
  if (name === 'subkey.revoke') return ['subkey', ...argumentDocs(service), ' revoke'];
  return [begin, ...target, group(...argumentDocs(service))];
}

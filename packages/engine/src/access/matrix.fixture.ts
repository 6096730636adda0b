import { createHash } from 'node:crypto';
import {
  accessRecord,
  administrator,
  anonymous,
  permissions,
  publicIdOf,
  type Identity,
  type Permission,
} from '@drops/access';
import type { AccessMode, JsonObject } from '@drops/ir';
import type { PutOperation } from '@drops/store';
import type { Caller, List, Place } from './model.fixture.js';

/** A name → a key of the form of keys. */
export const keyNamed = (name: string): string => createHash('sha256').update(name).digest('base64url');

const idNamed = (name: string): string => publicIdOf(keyNamed(name));

/** What the list of every place grants to whom. */
const grants: Readonly<Record<string, readonly Permission[]>> = Object.fromEntries<readonly Permission[]>([
  ['granted all', permissions],
  ['granted nothing', []],
  ...permissions.map((permission): [string, readonly Permission[]] => [
    `granted ${permission}`,
    [permission],
  ]),
]);

export interface Actor extends Caller {
  readonly identity: Identity;
}

function keyActor(name: string, extra: Partial<Actor> = {}): Actor {
  return { name, as: name, identity: { kind: 'key', key: keyNamed(name) }, ...extra };
}

function subkey(name: string, can: readonly Permission[], under?: string): Actor {
  const routes = under === undefined ? {} : { routes: [under] };
  return {
    name,
    as: 'owner',
    limits: { can, ...(under !== undefined && { under }) },
    identity: {
      kind: 'key',
      key: keyNamed('owner'),
      limits: { id: name, permissions: new Set(can), ...routes },
    },
  };
}

export const actors: readonly Actor[] = [
  { name: 'anonymous', as: null, identity: anonymous },
  { name: 'administrator', as: null, admin: true, identity: administrator },
  keyActor('admin key', { admin: true, identity: { kind: 'key', key: keyNamed('admin key'), admin: true } }),
  keyActor('owner'),
  keyActor('stranger'),
  keyActor('claimer'),
  keyActor('device'),
  ...Object.keys(grants).map((name) => keyActor(name)),
  ...permissions.map((permission) => subkey(`sub-key to ${permission}`, [permission])),
  subkey('sub-key to all', permissions),
  subkey('sub-key to nothing', []),
  subkey('sub-key to all in m1', permissions, 'm1'),
];

/** A place, and what is written to make it. */
export interface World {
  readonly place: Place;
  readonly drops: readonly PutOperation[];
  readonly writer: string;
}

function listOf(mode: string): List {
  return { mode, owner: 'owner', can: grants };
}

function listDrop(route: string, key: string, mode: AccessMode): PutOperation {
  const given = Object.entries(grants).map(([name, can]) => ({ key: idNamed(name), permissions: can }));
  return {
    kind: 'put',
    route,
    key,
    payload: accessRecord({ mode, owner: idNamed('owner'), grants: given }),
  };
}

/** Nobody but somebody else is on it: what a nearer list must override. */
function contrary(route: string): PutOperation {
  return {
    kind: 'put',
    route,
    key: '_access',
    payload: accessRecord({ mode: 'shared', owner: idNamed('somebody else'), grants: [] }),
  };
}

const payload: JsonObject = { n: 1, text: 'lamp', ref: 'k' };

/** Two entities and an event. */
function contents(route: string): readonly PutOperation[] {
  const put = (key: string | null): PutOperation => ({ kind: 'put', route, key, payload });
  return [put('k'), put('k2'), put(null)];
}

function world(place: Place, writer: string, lists: readonly PutOperation[] = []): World {
  return { place, writer, drops: [...contents(place.route), ...lists] };
}

const modes = ['shared', 'protected', 'writeonly', 'moderated'] as const;

function openWorlds(): readonly World[] {
  return modes.flatMap((mode, m) =>
    [0, 1, 2].flatMap((depth) =>
      [false, true].map((overrides): World => {
        const top = `${overrides ? 'x' : 'm'}${m}`;
        const root = `${top}/d${depth}`;
        const route = `${root}${'/below'.repeat(depth)}`;
        const lists = [listDrop(root, '_access', mode), ...(overrides ? [contrary(top)] : [])];
        return world({ route, zone: 'open', list: listOf(mode) }, 'owner', lists);
      }),
    ),
  );
}

const privateRoute = `${keyNamed('owner')}/plain`;
const grantedRoute = `${keyNamed('owner')}/granted`;

export const worlds: readonly World[] = [
  world({ route: 'free', zone: 'open' }, 'owner'),
  ...openWorlds(),
  world({ route: '_site/pages', zone: 'internal', holders: ['owner'] }, 'owner'),
  world({ route: privateRoute, zone: 'private', holders: ['owner'] }, 'owner'),
  world({ route: grantedRoute, zone: 'private', holders: ['owner'], list: listOf('shared') }, 'owner', [
    listDrop(grantedRoute, '_access', 'shared'),
  ]),
  world(
    { route: `${grantedRoute}/deep/deeper`, zone: 'private', holders: ['owner'], list: listOf('shared') },
    'owner',
  ),
  world(
    { route: `${keyNamed('device')}/sensors`, zone: 'private', holders: ['device', 'claimer'] },
    'device',
  ),
  world({ route: 'shared/team/plans', zone: 'shared', list: listOf('shared') }, 'owner', [
    listDrop('trust/team', 'acl', 'shared'),
  ]),
  world({ route: 'shared/nobody/plans', zone: 'shared' }, 'owner'),
  world({ route: 'trust/team', zone: 'trust', list: listOf('shared') }, 'owner'),
  world({ route: '__system/things', zone: 'system' }, 'owner'),
];

/** The device is claimed. */
export const claim: PutOperation = {
  kind: 'put',
  route: '__claims',
  key: idNamed('device'),
  payload: { owner: idNamed('claimer'), label: 'a sensor', type: 'device' },
};

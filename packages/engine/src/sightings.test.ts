import { shapeOf } from '@drops/syntax';
import { expect, test } from 'vitest';
import { createSightings, type Sightings } from './sightings.js';

const see = (sightings: Sightings, text: string): number =>
  sightings.count(text, shapeOf(text)?.literals ?? []);

test('counts a text, and others apart from it', () => {
  const sightings = createSightings(1000);
  expect(see(sightings, 'get r @a')).toBe(1);
  expect(see(sightings, 'get r @b')).toBe(1);
  expect(see(sightings, 'get r @a')).toBe(2);
  expect(see(sightings, 'find r where n = 1 limit 2')).toBe(1);
  expect(see(sightings, 'find r where n = 2 limit 1')).toBe(1);
  for (let i = 3; i < 300; i += 1) see(sightings, 'get r @a');
  expect(see(sightings, 'get r @a')).toBe(255);
});

test('few of many texts share a count', () => {
  const sightings = createSightings(2000);
  let shared = 0;
  for (let i = 0; i < 2000; i += 1) if (see(sightings, `get users @user${i}`) > 1) shared += 1;
  expect(shared).toBeLessThan(300);
});

test('begins anew after so many texts', () => {
  const sightings = createSightings(10);
  expect(see(sightings, 'get r @again')).toBe(1);
  for (let i = 0; i < 20; i += 1) see(sightings, `get r @${i}`);
  expect(see(sightings, 'get r @again')).toBeLessThan(3);
});

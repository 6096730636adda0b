import fc from 'fast-check';
import { expect, it } from 'vitest';
import { batching } from './batching.js';
import { makeData, makeUsers } from './data.js';
import { figuresOf, interleave } from './measure.js';
import { replaceBetween } from './report/markdown.js';
import { rate, ratio } from './report/table.js';

it('takes the middle of the rounds, the warm-up left out, contenders in turn', async () => {
  const order: string[] = [];
  const figures = await interleave(
    [
      (round) => (order.push(`a${round}`), [1000, 5, 1, 3][round] ?? 0),
      (round) => (order.push(`b${round}`), 7),
    ],
    3,
  );
  expect(order).toEqual(['a0', 'b0', 'a1', 'b1', 'a2', 'b2', 'a3', 'b3']);
  expect(figures.map(({ median, least, greatest }) => [median, least, greatest])).toEqual([
    [3, 1, 5],
    [7, 7, 7],
  ]);
});

it('takes a median that as many figures lie below as above', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 9 }), (rounds) => {
      const { median } = figuresOf(rounds);
      const below = rounds.filter((figure) => figure < median).length;
      const above = rounds.filter((figure) => figure > median).length;
      expect(Math.max(below, above)).toBeLessThanOrEqual(rounds.length / 2);
    }),
  );
});

it('makes the same data each time, scores without ties', () => {
  expect(makeData({ users: 50, orders: 20 })).toEqual(makeData({ users: 50, orders: 20 }));
  const users = makeUsers(500, 100);
  expect(new Set(users.map(({ score }) => score)).size).toBe(500);
  expect(users[0]).toMatchObject({ key: 'u0000100' });
  expect(users[0]?.bio.split(' ')).toHaveLength(20);
});

it('commits what one turn brings together, and tells all of a failure', async () => {
  const commits: (readonly number[])[] = [];
  const write = batching<number>((items) => {
    commits.push(items);
    if (items.includes(9)) throw new Error('full');
  });
  await Promise.all([1, 2, 3].map(write));
  const outcomes = await Promise.allSettled([8, 9].map(write));
  expect(commits).toEqual([
    [1, 2, 3],
    [8, 9],
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

it('writes between the markers of a text and nowhere else', () => {
  const text = 'a\n<!-- t:start -->\nold\n<!-- t:end -->\nb';
  expect(replaceBetween(text, 't', 'new')).toBe('a\n<!-- t:start -->\n\nnew\n\n<!-- t:end -->\nb');
  expect(() => replaceBetween('a', 't', 'new')).toThrow('no <!-- t:start -->');
});

it('shows small figures with two digits, so that a miss by far is no zero', () => {
  expect([2.4e6, 84_000, 12.3, 3.456, 0.271].map(rate)).toEqual(['2.40M', '84.0k', '12', '3.5', '0.27']);
  expect([1.541, 0.42, 0.00312].map(ratio)).toEqual(['1.54 ×', '0.42 ×', '0.0031 ×']);
});

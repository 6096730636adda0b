/** The data that every contender is loaded with: the same for the same numbers of rows, on every machine. */

export interface User {
  readonly key: string;
  readonly name: string;
  readonly email: string;
  /** 18 to 77. */
  readonly age: number;
  readonly status: string;
  readonly city: string;
  /** Hundredths, no two alike: what is sorted by it has one order. */
  readonly score: number;
  /** 20 words. */
  readonly bio: string;
}

export interface Order {
  readonly key: string;
  /** Key of a user. */
  readonly user_id: string;
  readonly amount: number;
  readonly status: string;
  /** Which order it was: 0, 1, 2, … */
  readonly placed: number;
}

export interface Sizes {
  readonly users: number;
  readonly orders: number;
}

export interface Data {
  readonly users: readonly User[];
  readonly orders: readonly Order[];
}

export const cities: readonly string[] = Array.from(
  { length: 50 },
  (_, i) => `city-${String(i).padStart(2, '0')}`,
);
export const statuses = ['active', 'inactive', 'paused', 'new'] as const;

const syllables = ['ba', 'de', 'fi', 'go', 'hu', 'ka', 'le', 'mi', 'no', 'pu', 'ra', 'se', 'ti', 'vo', 'zu'];
const words: readonly string[] = Array.from(
  { length: 400 },
  (_, i) => pick(syllables, i) + pick(syllables, i / 15) + pick(syllables, i * 7 + 3),
);

function pick<T>(list: readonly T[], n: number): T {
  const found = list[Math.floor(n) % list.length];
  if (found === undefined) throw new Error('an empty list');
  return found;
}

/** Whole numbers below 2³², the same for the same seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
}

export const userKey = (i: number): string => `u${String(i).padStart(7, '0')}`;
export const orderKey = (i: number): string => `o${String(i).padStart(7, '0')}`;
export const cityOf = (n: number): string => pick(cities, n);

/** 0 … count − 1 in random order. */
function shuffled(count: number, random: () => number): number[] {
  const numbers = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i -= 1) {
    const j = random() % (i + 1);
    [numbers[i], numbers[j]] = [numbers[j] ?? 0, numbers[i] ?? 0];
  }
  return numbers;
}

/** `count` users from number `first` on; scores are spread over 0 … count / 100. */
export function makeUsers(count: number, first = 0, seed = 1): User[] {
  const random = randomNumbers(seed);
  return shuffled(count, random).map((place, i) => {
    const number = first + i;
    return {
      key: userKey(number),
      name: `${pick(words, random())} ${pick(words, random())}`,
      email: `user${number}@example.com`,
      age: 18 + (random() % 60),
      status: pick(statuses, random()),
      city: cityOf(random()),
      score: (first + place) / 100,
      bio: Array.from({ length: 20 }, () => pick(words, random())).join(' '),
    };
  });
}

function makeOrders({ users, orders }: Sizes): Order[] {
  const random = randomNumbers(2);
  return Array.from({ length: orders }, (_, i) => ({
    key: orderKey(i),
    user_id: userKey(random() % users),
    amount: (random() % 100_000) / 100,
    status: pick(statuses, random()),
    placed: i,
  }));
}

export function makeData(sizes: Sizes): Data {
  return { users: makeUsers(sizes.users), orders: makeOrders(sizes) };
}

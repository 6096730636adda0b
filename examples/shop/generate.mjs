// Makes data/customers.ndjson and data/orders.ndjson: the same files on every run.
import { writeFileSync } from 'node:fs';

/** A small generator of pseudo-random numbers (mulberry32): a seed makes the run repeatable. */
function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const random = randomFrom(20260117);
const pick = (list) => list[Math.floor(random() * list.length)];
const between = (low, high) => low + Math.floor(random() * (high - low + 1));

/** One of [value, weight] pairs, as often as its weight says. */
function weighted(pairs) {
  let left = random() * pairs.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [value, weight] of pairs) {
    left -= weight;
    if (left < 0) return value;
  }
  return pairs[0][0];
}

const firstNames =
  'Ada Aisha Amir Anna Aron Astrid Beatriz Bruno Camille Carlos Chiara Clara Dario Elena Elif Emil Emma Fatima Felix Freja Greta Hana Henrik Hugo Ida Ines Ingrid Isak Ivan Jakob Jana Jonas Julia Kaan Karin Katja Lars Laura Lena Leon Lina Luca Lucia Magnus Maja Marco Maria Marta Mateo Mia Mikkel Mila Nadia Nils Noah Nora Olga Oscar Otto Paula Pavel Petra Pia Rafael Rosa Sara Selma Signe Simon Sofia Sven Tara Teo Thea Tomas Vera Viktor Wanda Yara Zoe'.split(
    ' ',
  );
const lastNames =
  'Almeida Andersen Aydin Bauer Becker Berg Bianchi Brandt Christensen Conti Costa Dahl Demir Dubois Eriksen Ferrari Fischer Garcia Greco Haas Hansen Hoffmann Holm Ivanova Jansen Jensen Kaya Keller Klein Koch Kowalski Kruse Larsen Leroy Lind Lopez Marino Martin Meyer Moreau Moretti Navarro Nielsen Novak Nowak Olsen Pereira Petrov Ricci Rossi Roux Ruiz Santos Schmidt Silva Simon Sorensen Svensson Torres Vogel Wagner Weber Winter Wolf Yilmaz Zimmer'.split(
    ' ',
  );
/** City, country, weight. */
const cities = [
  ['Berlin', 'DE', 30],
  ['Hamburg', 'DE', 18],
  ['Munich', 'DE', 16],
  ['Vienna', 'AT', 14],
  ['Zurich', 'CH', 10],
  ['Copenhagen', 'DK', 16],
  ['Oslo', 'NO', 12],
  ['Stockholm', 'SE', 14],
  ['Amsterdam', 'NL', 15],
  ['Paris', 'FR', 20],
  ['Lyon', 'FR', 8],
  ['Milan', 'IT', 12],
  ['Rome', 'IT', 10],
  ['Madrid', 'ES', 11],
  ['Lisbon', 'PT', 9],
  ['Warsaw', 'PL', 10],
];
/** Product, category, price, weight. */
const products = [
  ['Espresso beans 1 kg', 'coffee', 24.9, 22],
  ['Filter coffee 500 g', 'coffee', 13.5, 20],
  ['Decaf beans 500 g', 'coffee', 14.9, 7],
  ['Single origin Ethiopia 250 g', 'coffee', 11.9, 12],
  ['Hand grinder', 'equipment', 79, 8],
  ['Electric grinder', 'equipment', 189, 4],
  ['Pour-over dripper', 'equipment', 29, 10],
  ['Goose-neck kettle', 'equipment', 64.5, 6],
  ['French press', 'equipment', 39.9, 7],
  ['Espresso machine', 'equipment', 649, 2],
  ['Milk frother', 'equipment', 34.9, 6],
  ['Paper filters 100', 'supplies', 5.9, 18],
  ['Cleaning tablets', 'supplies', 9.9, 9],
  ['Descaler', 'supplies', 8.5, 6],
  ['Stoneware mug', 'tableware', 16, 11],
  ['Espresso cups, set of 2', 'tableware', 22, 7],
  ['Glass server', 'tableware', 27.5, 5],
  ['Gift card', 'gifts', 50, 5],
  ['Tasting box', 'gifts', 36, 6],
];
const day = 86_400_000;
const start = Date.parse('2025-01-01T00:00:00Z');

function isoDay(time) {
  return new Date(time).toISOString().slice(0, 10);
}

function makeCustomers() {
  const seen = new Set();
  return Array.from({ length: 300 }, (_, i) => {
    let first, last;
    do {
      first = pick(firstNames);
      last = pick(lastNames);
    } while (seen.has(`${first} ${last}`));
    seen.add(`${first} ${last}`);
    const [city, country] = weighted(cities.map(([name, land, weight]) => [[name, land], weight]));
    const handle = `${first}.${last}`.toLowerCase();
    return {
      id: `c${String(i + 1).padStart(3, '0')}`,
      name: `${first} ${last}`,
      email: random() < 0.06 ? null : `${handle}@${pick(['example.com', 'example.org', 'example.net'])}`,
      city,
      country,
      tier: weighted([
        ['basic', 70],
        ['plus', 22],
        ['pro', 8],
      ]),
      newsletter: random() < 0.45,
      since: isoDay(start - between(0, 900) * day),
    };
  });
}

function makeOrders(customers) {
  const buyers = customers.map((customer) => [
    customer,
    random() ** 3 * 10 + (customer.tier === 'pro' ? 6 : 0.3),
  ]);
  const times = Array.from({ length: 2000 }, () => {
    const dayOfYear = Math.floor(365 * random() ** 0.85);
    return start + dayOfYear * day + between(6, 22) * 3_600_000 + between(0, 3599) * 1000;
  }).sort((a, b) => a - b);
  return times.map((time, i) => {
    const customer = weighted(buyers);
    const [product, category, price] = weighted(products.map((one) => [one, one[3]]));
    const quantity =
      price > 100
        ? 1
        : weighted([
            [1, 60],
            [2, 25],
            [3, 10],
            [between(4, 10), 5],
          ]);
    const age = start + 365 * day - time;
    const status =
      age < 6 * day
        ? weighted([
            ['open', 55],
            ['paid', 40],
            ['cancelled', 5],
          ])
        : weighted([
            ['delivered', 860],
            ['returned', 70],
            ['cancelled', 60],
            ['paid', 7],
            ['open', 3],
          ]);
    const discount = customer.tier === 'basic' ? 0 : customer.tier === 'plus' ? 0.05 : 0.1;
    return {
      id: `o${String(i + 1).padStart(4, '0')}`,
      customer: customer.id,
      product,
      category,
      quantity,
      amount: Math.round(price * quantity * (1 - discount) * 100) / 100,
      status,
      ordered: new Date(time).toISOString().slice(0, 19) + 'Z',
      shipped: status === 'delivered' || status === 'returned' ? isoDay(time + between(1, 5) * day) : null,
      rating:
        status === 'delivered' && random() < 0.4
          ? weighted([
              [5, 45],
              [4, 30],
              [3, 14],
              [2, 6],
              [1, 5],
            ])
          : null,
      ...(random() < 0.08 && {
        note: pick(['Leave with the neighbour', 'Gift wrap, please', 'Ring twice', 'Call before delivery']),
      }),
    };
  });
}

function write(name, rows) {
  const text = rows.map((row) => JSON.stringify(row) + '\n').join('');
  writeFileSync(new URL(`data/${name}.ndjson`, import.meta.url), text);
  console.log(`${rows.length} ${name}`);
}

const customers = makeCustomers();
write('customers', customers);
write('orders', makeOrders(customers));

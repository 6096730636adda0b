import { cities, statuses } from '../data.js';
import { argumentsOf, scanned, type Peer } from '../system.js';

/** Nothing but typed arrays in memory: how fast JavaScript can go over the columns of this data. */
export const columns: Peer = {
  name: 'columns in JS',
  setUp: 'typed arrays and dictionary codes in memory, written by hand for each query; no storage at all',
  async open({ data, sizes }) {
    if (!data) throw new Error('columns live in memory only: they need the data');
    const { users, orders } = data;
    const of = argumentsOf(sizes);
    const ages = Uint8Array.from(users, (user) => user.age);
    const scores = Float64Array.from(users, (user) => user.score);
    const statusCodes = Uint8Array.from(users, (user) =>
      statuses.findIndex((status) => status === user.status),
    );
    const cityCodes = Uint8Array.from(users, (user) => cities.indexOf(user.city));
    const numbers = new Map(users.map((user, i) => [user.key, i]));
    const amounts = Float64Array.from(orders, (order) => order.amount);
    // A dictionary of keys: an order names the number of its user.
    const userNumbers = Uint32Array.from(orders, (order) => numbers.get(order.user_id) ?? 0);
    const wantedStatus = statuses.indexOf(scanned.status);
    return {
      operations: {
        scan() {
          const found = [];
          for (let i = 0; i < ages.length; i += 1) {
            if (
              ages[i] === scanned.age &&
              statusCodes[i] === wantedStatus &&
              (scores[i] ?? 0) < of.middleScore
            )
              found.push(users[i]);
          }
          return found;
        },
        group() {
          const [count, sum, age] = [new Uint32Array(50), new Float64Array(50), new Float64Array(50)];
          for (let i = 0; i < cityCodes.length; i += 1) {
            const city = cityCodes[i] ?? 0;
            count[city] = (count[city] ?? 0) + 1;
            sum[city] = (sum[city] ?? 0) + (scores[i] ?? 0);
            age[city] = (age[city] ?? 0) + (ages[i] ?? 0);
          }
          return Array.from(count, (n, city) => ({
            city: cities[city],
            count: n,
            sum: sum[city],
            avg: (age[city] ?? 0) / n,
          })).filter((group) => group.count > 0);
        },
        joinGrouped() {
          const [count, sum] = [new Uint32Array(50), new Float64Array(50)];
          for (let i = 0; i < amounts.length; i += 1) {
            const city = cityCodes[userNumbers[i] ?? 0] ?? 0;
            count[city] = (count[city] ?? 0) + 1;
            sum[city] = (sum[city] ?? 0) + (amounts[i] ?? 0);
          }
          return Array.from(count, (n, city) => ({ city: cities[city], count: n, sum: sum[city] })).filter(
            (group) => group.count > 0,
          );
        },
      },
      plain: (answer) => (Array.isArray(answer) ? answer : [answer]),
      close: async () => undefined,
    };
  },
};

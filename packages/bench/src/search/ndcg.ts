/** How useful each document is for a query; what is missing is not. */
export type Grades = ReadonlyMap<string, number>;

const gain = (grade: number): number => 2 ** grade - 1;

function discounted(grades: readonly number[]): number {
  return grades.reduce((sum, grade, i) => sum + gain(grade) / Math.log2(i + 2), 0);
}

/** Normalised discounted cumulative gain of the first ten (Järvelin and Kekäläinen; gains 2^grade - 1): 1 is the best order there is. */
export function ndcgAt10(ranked: readonly string[], grades: Grades): number {
  const best = [...grades.values()].sort((a, b) => b - a).slice(0, 10);
  const found = ranked.slice(0, 10).map((id) => grades.get(id) ?? 0);
  return best.length === 0 ? 0 : discounted(found) / discounted(best);
}

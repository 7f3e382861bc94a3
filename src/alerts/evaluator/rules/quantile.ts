/** As Prometheus has it: between two values where it falls between them. NaN of nothing. */
export function quantile(ascending: readonly number[], share: number): number {
  const rank = (ascending.length - 1) * share
  const [low = NaN, high = NaN] = [ascending[Math.floor(rank)], ascending[Math.ceil(rank)]]
  return low + (high - low) * (rank - Math.floor(rank))
}

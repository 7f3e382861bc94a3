/**
 * The lower bound of a share: Wilson score interval.
 *
 * @param z How many standard deviations chance is allowed.
 * @see https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval#Wilson_score_interval
 */
export function lowerBound(part: number, count: number, z: number): number {
  const spread = z * Math.sqrt((part * (count - part)) / count + z ** 2 / 4)
  return (part + z ** 2 / 2 - spread) / (count + z ** 2)
}

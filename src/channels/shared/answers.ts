/** Below 500 these speak of the moment, not of the request: Request Timeout, Too Early, Too Many Requests. */
const ofTheMoment: ReadonlySet<number> = new Set([408, 425, 429])

/**
 * Whether the same request may be taken later. Every channel that speaks HTTP asks here.
 *
 * @param status Of an answer that refuses. Below 200 the other side wants to speak something else.
 */
export function mayBeTakenLater(status: number): boolean {
  return status < 200 || status >= 500 || ofTheMoment.has(status)
}

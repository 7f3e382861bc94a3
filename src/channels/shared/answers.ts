/** Below 500 these speak of the moment, not of the request: Request Timeout, Failed Dependency, Too Early, Too Many Requests. */
const ofTheMoment: ReadonlySet<number> = new Set([408, 424, 425, 429])

/**
 * Whether the same request may be taken later. Every channel that speaks HTTP asks here.
 *
 * @param status Of an answer that refuses. Below 200 the other side wants to speak something else.
 */
export function mayBeTakenLater(status: number): boolean {
  return status < 200 || status >= 500 || ofTheMoment.has(status)
}

/** What receivers answer to a text that is too long for them, among other mistakes. */
const ofLength: ReadonlySet<number> = new Set([400, 413, 422])

/** Whether a shorter text may be taken. */
export function maybeTooLong(status: number): boolean {
  return ofLength.has(status)
}

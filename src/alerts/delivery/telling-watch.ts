import type { Dispatcher } from './dispatcher.ts'

/**
 * Checks, from one call to the next, whether alerts get through: an alert that nobody was notified of at the last call
 * or since shows that they do not, unless something else was delivered meanwhile.
 *
 * @returns Why they do not; undefined if they do, or if there is nobody to notify.
 */
export function watchTelling({
  untold,
  delivered,
}: Pick<Dispatcher, 'untold' | 'delivered'>): () => string | undefined {
  let untoldBefore: ReadonlySet<string> = new Set()
  let deliveredBefore = 0
  return () => {
    const waiting = untold()
    const stuck = delivered() === deliveredBefore && [...waiting].some((each) => untoldBefore.has(each))
    untoldBefore = waiting
    deliveredBefore = delivered()
    return stuck ? 'an alert could not be delivered on any channel' : undefined
  }
}

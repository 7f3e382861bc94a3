import type { Notifying } from './notifying.ts'

/**
 * Looks, from one call to the next, whether alerts get through: an alert that nobody had been told of then, and nobody has been
 * told of now, says that they do not, unless something else was delivered meanwhile.
 *
 * @returns Why they do not; undefined where they do, or nobody is to be told of anything.
 */
export function watchTelling({
  untold,
  delivered,
}: Pick<Notifying, 'untold' | 'delivered'>): () => string | undefined {
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

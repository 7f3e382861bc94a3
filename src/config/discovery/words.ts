import { plural } from '../../lib/text/text.ts'
import type { Discovered } from '../load/discovered.ts'

type Skipped = Pick<Discovered, 'targets' | 'skipped' | 'problems'> & {
  readonly source: { readonly name: string }
}

/** What is left out of what a source lists, and why, on one line. */
export function describeSkipped({ source, targets, skipped, problems }: Skipped): string {
  const more = skipped > problems.length ? ', ...' : ''
  return `${skipped} of ${targets + skipped} of ${source.name} are skipped: ${problems.join('; ')}${more}`
}

/** What came of a source, for somebody who lists targets. */
export function describeSource(one: Discovered): string {
  if (!one.asked) return 'not asked: --discover asks which targets it lists'
  const count = plural(one.targets, 'target')
  return one.skipped === 0 ? count : `${count}, ${describeSkipped(one)}`
}

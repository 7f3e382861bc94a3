import { createHash } from 'node:crypto'

/**
 * Where in its interval a target is checked, from 0 to 1: the same for a name at every start, and spread evenly over many
 * names, so that targets of one interval do not all fall on one moment.
 */
export function phaseOf(name: string): number {
  return createHash('sha256').update(name).digest().readUInt32BE() / 2 ** 32
}

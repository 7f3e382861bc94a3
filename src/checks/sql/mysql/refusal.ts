import { ProbeFailure } from '../../../net/failure.ts'
import { quote } from '../../shared/dialogue/dialogue.ts'

/** What people do about some of the errors: https://mariadb.com/kb/en/mariadb-error-code-reference/ */
const hints: Readonly<Record<number, string>> = {
  1040: 'the server has too many connections',
  1053: 'the server is shutting down',
  1064: 'the query is not valid, or has several statements',
  1129: 'the server has blocked the address of Probity: see FLUSH HOSTS',
  1130: 'no user may log in from the address of Probity',
  1226: 'the user has used up its limit',
  1251: 'the user logs in by a method that is not supported here',
  1792: 'the query of a check can only read',
  1836: 'the query of a check can only read',
  1969: 'the query took longer than the timeout of the check',
  3024: 'the query took longer than the timeout of the check',
}

/** Its own timeout, which is as long as ours, may be the first to notice. */
const givenUp: ReadonlySet<number> = new Set([1969, 3024])

/** The errors of a server that does not know a variable. */
export const unknownVariable = 1193

/** The number of an error. */
export function codeOfError(packet: Buffer): number {
  return packet.length < 3 ? 0 : packet.readUInt16LE(1)
}

/** What an error packet says. */
export function refusal(packet: Buffer): ProbeFailure {
  const code = codeOfError(packet)
  const [, state = '', words = ''] = /^(?:#(.{5}))?(.*)$/s.exec(packet.toString('utf8', 3)) ?? []
  const hint = hints[code]
  return new ProbeFailure(
    givenUp.has(code) ? 'timeout' : 'status',
    `the server answers ${quote(words)} (${[code, state].filter(Boolean).join(', ')})${hint === undefined ? '' : `: ${hint}`}`,
  )
}

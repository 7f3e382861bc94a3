import type { Place } from '../../settings/issues.ts'
import { asText, keys, kindOf, seen, value, ValueError } from '../../settings/values/value.ts'
import { read, type Reading } from '../document/parts.ts'
import type { Peer } from './notify.ts'

function readUrl(input: unknown): URL {
  const url = typeof input === 'string' && URL.canParse(input) ? new URL(input) : undefined
  const isPlain = url && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === ''
  if (!isPlain || url.username !== '' || url.password !== '')
    throw new ValueError(`${seen} is not the address of a solo: expected http(s)://host[:port][/path]`)
  return url
}

/** One of `peers:`. */
export const peerSchema = keys({
  url: value(readUrl, { type: 'string' }).describe(
    'Where this solo finds the other one, such as `https://watch-b.example.org:9740`.',
  ),
  token: value(asText, { type: 'string', minLength: 1 }).describe(
    'A token of the scope `peer` that the other solo knows, as `${PEER_TOKEN}`.',
  ),
})

/** Reads `peers:`. More than one cannot be used: the two of a pair need nobody to agree with. */
export function readPeers(
  written: unknown,
  place: (...at: (string | number)[]) => Place,
  reading: Reading,
): Peer[] {
  if (written === undefined || written === null) return []
  if (!Array.isArray(written)) {
    reading.issues.add(place('peers'), [], 'value', `expected a list with one peer, got ${kindOf(written)}`)
    return []
  }
  if (written.length > 1)
    reading.issues.add(
      place('peers', 1),
      [],
      'value',
      'expected one peer: more than two solos are not supported',
    )
  return written.slice(0, 1).flatMap((item: unknown, index) => {
    const { value: peer } = read(peerSchema, item, place('peers', index), reading)
    return peer === undefined ? [] : [peer]
  })
}

import { ProbeFailure } from '../../../../net/failure.ts'
import type { Wire } from '../wire.ts'
import { closed, noProtocol } from './refusals.ts'

/** Length 8, code 80877103: https://www.postgresql.org/docs/current/protocol-message-formats.html, SSLRequest. */
const sslRequest = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f])

/** https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SSL */
export async function postgres(wire: Wire): Promise<void> {
  await wire.send(sslRequest)
  const answer = (await wire.take(1)).toString('latin1')
  if (answer === 'S') return
  if (answer === '') throw closed('its answer to the request for TLS', wire)
  if (answer === 'N') throw new ProbeFailure('tls', 'PostgreSQL does not offer TLS: its setting ssl is off')
  // An error message, for lack of connections or of memory. Its bytes must not be trusted before TLS.
  if (answer === 'E')
    throw new ProbeFailure('status', 'PostgreSQL answered the request for TLS with an error')
  throw noProtocol('S or N to the request for TLS', answer)
}

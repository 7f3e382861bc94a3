import { hostname } from 'node:os'
import { z } from 'zod'
import { flag, word } from '../../settings/values/scalars.ts'
import { keys } from '../../settings/values/value.ts'
import { withDeadline } from '../../lib/time/deadline.ts'
import { messageOf } from '../../lib/errors.ts'
import { DeliveryError, type Channel } from '../channel.ts'
import { defaultTimeoutMs, type ChannelDependencies } from '../dependencies.ts'
import { matching, wholeNumber } from '../shared/settings.ts'
import { facilities, syslogMessage } from './message.ts'
import { sendDatagram, sendStream } from './transport.ts'

export const syslogSettings = keys({
  type: z.literal('syslog').describe('The kind of channel.'),
  host: matching('host name', /^[\w.:-]+$/).describe('The server.'),
  port: wholeNumber(1, 65_535)
    .optional()
    .describe('Its port. Default: `514` with UDP, `601` with TCP, `6514` with TLS.'),
  protocol: word(['udp', 'tcp', 'tls'])
    .default('udp')
    .describe('`udp`, `tcp` or `tls`. Whether a datagram arrives, nobody can tell. Default: `udp`.'),
  tls_verify: flag
    .default(true)
    .describe("With TLS: whether the server's certificate must be valid. Default: `true`."),
  facility: word(facilities).default('daemon').describe('The facility. Default: `daemon`.'),
  hostname: matching('host name', /^[\x21-\x7e]{1,255}$/)
    .optional()
    .describe('The name of this machine. Default: what the system says.'),
})

export type SyslogSettings = z.infer<typeof syslogSettings>

/** Writes one line to a syslog server for each beginning, repeat and end. */
export function createSyslogChannel(
  settings: SyslogSettings,
  { name, timeoutMs = defaultTimeoutMs, clock }: ChannelDependencies,
): Channel {
  const { host, protocol, port = ports[protocol], tls_verify: verify, facility } = settings
  const from = settings.hostname ?? hostname()
  return {
    name,
    deliver: (notification, signal) =>
      withDeadline(signal, timeoutMs, async (deadline) => {
        const message = syslogMessage(notification, {
          facility,
          hostname: from,
          now: clock.now(),
          maxBytes: maxBytes[protocol],
        })
        try {
          if (protocol === 'udp') await sendDatagram({ host, port }, message, deadline.signal)
          else await sendStream({ host, port, tls: protocol === 'tls', verify }, message, deadline.signal)
        } catch (error) {
          signal.throwIfAborted()
          const why = deadline.passed() ? `not sent within ${timeoutMs / 1000} s` : messageOf(error)
          throw new DeliveryError(`syslog: ${why}`, { retry: true })
        }
      }),
  }
}

const ports = { udp: 514, tcp: 601, tls: 6514 } as const

/** RFC 5426, section 3.2: every server takes 480 bytes, and should take 2,048. RFC 5425, section 4.3.1: and should take 8,192. */
const maxBytes = { udp: 2048, tcp: 8192, tls: 8192 } as const

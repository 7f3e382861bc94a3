import { flag, word } from '../settings/values/scalars.ts'

/** The address family to prefer; `auto` follows the order of the system. */
export type IpProtocol = 'auto' | 'ip4' | 'ip6'

/** The keys that say which addresses of a name are used: shared by every kind that connects to one. */
export const ipProtocolShape = {
  ip_protocol: word(['auto', 'ip4', 'ip6'])
    .optional()
    .describe(
      'Which addresses of the name are tried first: `ip4` or `ip6`; `auto` follows the order of the system. Default: `auto`.',
    ),
  ip_protocol_fallback: flag
    .optional()
    .describe('Whether the other family is tried if the preferred one has no address. Default: `true`.'),
}

/** Their defaults, in the words of a file. */
export const ipProtocolDefaults = { ip_protocol: 'auto', ip_protocol_fallback: true } as const

import { Resolver } from 'node:dns/promises'
import { isIP } from 'node:net'
import { codeOf, messageOf } from '../../lib/errors.ts'
import { asText, oneOrMany, seen, value, ValueError } from '../../settings/values/value.ts'
import { defineSource, type Labels } from './kind.ts'

/** Milliseconds for one try of one name server, and how many there are. */
const patience = { timeout: 2000, tries: 2 }

/** SRV records, which name hosts and ports. */
export const dnsSrv = defineSource({
  key: 'dns_srv',
  local: false,
  shape: {
    dns_srv: oneOrMany(readName, { type: 'string' })
      .optional()
      .describe('Names whose SRV records are looked up, such as `_http._tcp.example.com`: one or a list.'),
    name_server: value(readServer, { type: 'string' })
      .optional()
      .describe(
        'With `dns_srv`: the address of the name server, such as `192.0.2.53` or `192.0.2.53:5353`. Default: those of the system.',
      ),
  },
  open: ({ dns_srv: names = [], name_server: server }) => ({
    shown: names.join(', '),
    async ask(signal) {
      const resolver = new Resolver(patience)
      if (server !== undefined) resolver.setServers([server])
      const cancel = (): void => {
        resolver.cancel()
      }
      signal.addEventListener('abort', cancel)
      try {
        return (await Promise.all(names.map((name) => lookUp(name, resolver)))).flat()
      } finally {
        signal.removeEventListener('abort', cancel)
      }
    },
  }),
})

async function lookUp(name: string, resolver: Resolver): Promise<Labels[]> {
  const records = await resolver.resolveSrv(name).catch((cause: unknown) => {
    throw new Error(
      `${name} ${meanings[codeOf(cause) ?? ''] ?? `cannot be looked up: ${messageOf(cause)}`}`,
      { cause },
    )
  })
  // A host that is nothing but the root says that there is no such service (RFC 2782).
  return records
    .filter((record) => record.name !== '')
    .map((record) => ({
      __address__: `${record.name}:${record.port}`,
      __meta_dns_name: name,
      __meta_dns_srv_record_target: record.name,
      __meta_dns_srv_record_port: String(record.port),
    }))
}

const meanings: Readonly<Record<string, string>> = {
  ENOTFOUND: 'does not exist',
  ENODATA: 'has no SRV record',
  ETIMEOUT: 'cannot be looked up: the name servers gave no answer',
  ECONNREFUSED: 'cannot be looked up: the name servers gave no answer',
  ESERVFAIL: 'cannot be looked up: the name servers failed',
}

function readName(input: unknown): string {
  const text = asText(input)
  if (!/^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_.])?$/.test(text) || text.length > 254)
    throw new ValueError(`${seen} is not a valid name: expected one such as _http._tcp.example.com`)
  return text
}

function readServer(input: unknown): string {
  const text = asText(input)
  const [, bracketed, plain, digits = '53'] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text) ?? []
  const port = Number(digits)
  if (isIP(text) === 0 && (isIP(bracketed ?? plain ?? '') === 0 || port < 1 || port > 65_535))
    throw new ValueError(`${seen} is not a valid address: expected one such as 192.0.2.53 or 192.0.2.53:5353`)
  return text
}

import type { Attempt } from '../../net/attempt.ts'
import { randomInt } from 'node:crypto'
import { Resolver } from 'node:dns'
import type { Socket } from 'node:net'
import { addressReader, type Address } from '../../net/address.ts'
import { dnsPorts, type DnsCheck } from './schema.ts'
import { ValueError } from '../../settings/values/value.ts'
import { attempt } from '../shared/attempt.ts'
import { endpoint } from '../../net/connect.ts'
import { ProbeFailure } from '../../net/failure.ts'
import type { Prober } from '../result.ts'
import { reach, resolve, usesAddress } from '../../net/reach.ts'
import { systemLookup } from '../../net/resolve.ts'
import { prepare, secure } from '../../net/tls/secure.ts'
import type { ConnectionProberOptions } from '../tcp/probe.ts'
import { createTrustStore, type TrustStore } from '../../net/tls/trust-store.ts'
import { DnsEvidence } from './evidence.ts'
import { judgeAnswer } from './judge.ts'
import { encodeQuery, type Answer, type Query } from './message.ts'
import { askStream } from './stream.ts'
import { askUdp } from './udp.ts'

export interface DnsProberOptions extends ConnectionProberOptions {
  /** The name servers of this machine, as `dns.getServers()` writes them. Default: its configuration, read at every probe. */
  readonly systemServers?: () => readonly string[]
}

/** What the steps of one question share. */
interface Asking {
  readonly check: DnsCheck
  readonly query: Query
  readonly server: Address
  readonly run: Attempt
  readonly seen: DnsEvidence
  readonly trust: TrustStore
  readonly lookup: NonNullable<ConnectionProberOptions['lookup']>
}

/** Makes a prober that asks a name server one question and judges its answer. */
export function createDnsProber(options: DnsProberOptions = {}): Prober<DnsCheck> {
  const { authorities, lookup = systemLookup, systemServers = readSystemServers } = options
  const trust = createTrustStore(authorities)
  return async (check, context) => {
    if (check.transport === 'dot') prepare(trust, check.tls)
    const seen = new DnsEvidence(check.type)
    return attempt(context, {
      details: () => ({ dns: seen.result() }),
      work: async (run) => {
        seen.measures(run)
        const server = check.server ?? systemServer(systemServers(), dnsPorts[check.transport])
        // A forger has to guess it.
        const id = randomInt(0x1_0000)
        const query = encodeQuery(id, { name: check.name, type: check.type }, check.recursion)
        const answer = await ask({ check, query, server, run, seen, trust, lookup })
        seen.answered(answer)
        const { rcode, answer: found, authority, additional } = answer
        context.log.add('answer received', {
          rcode,
          answer: found.length,
          authority: authority.length,
          additional: additional.length,
        })
        return judgeAnswer(answer, check)
      },
    })
  }
}

/** The prober of `dns:` targets. */
export const probeDns = createDnsProber()

/** Not those that Node.js has read when it started: laptops and containers change their networks. */
function readSystemServers(): string[] {
  return new Resolver().getServers()
}

function systemServer([first]: readonly string[], defaultPort: number): Address {
  try {
    return addressReader({ example: '192.0.2.1', defaultPort })(first)
  } catch (cause) {
    if (!(cause instanceof ValueError)) throw cause
    const message = 'this machine has no usable name server: write server:'
    throw new ProbeFailure('internal', message, { cause })
  }
}

async function ask(asking: Asking): Promise<Answer> {
  if (asking.check.transport !== 'udp') return askOverConnection(asking)
  const answer = await askOverUdp(asking)
  if (!answer.truncated) return answer
  asking.run.context.log.add('the answer does not fit into a datagram, retrying over TCP')
  return askOverConnection(asking)
}

async function askOverUdp({ check, query, server, run, seen, lookup }: Asking): Promise<Answer> {
  const [address = ''] = await resolve(server.host, check, lookup, run)
  usesAddress(run, address)
  run.context.log.add('querying over UDP', { address, port: server.port })
  return seen.request(() => askUdp(query, address, server.port, run))
}

async function askOverConnection(asking: Asking): Promise<Answer> {
  const { query, run, server, seen } = asking
  const { socket, address } = await connected(asking)
  run.evidence.doing = `waiting for the answer from ${endpoint(address, server.port)}`
  const answer = await seen.request(() => askStream(query, socket))
  if (answer.truncated) {
    throw new ProbeFailure('protocol', 'the server truncated its answer, even over a connection')
  }
  return answer
}

async function connected({ check, server, run, seen, trust, lookup }: Asking): Promise<{
  readonly socket: Socket
  readonly address: string
}> {
  const { socket, address } = await reach(server, check, lookup, run)
  const options = { settings: check.tls, trust, host: server.host, address }
  const secured = check.transport === 'dot' ? await secure(socket, options, run) : socket
  seen.connected()
  return { socket: secured, address }
}

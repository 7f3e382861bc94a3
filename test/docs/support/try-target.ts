import { printProbe } from '../../../src/commands/probe/print.ts'
import { createCertificateProber } from '../../../src/checks/certificate/probe.ts'
import { createDnsProber } from '../../../src/checks/dns/probe.ts'
import { createDomainProber } from '../../../src/checks/domain/probe.ts'
import { createGrpcProber } from '../../../src/checks/grpc/probe.ts'
import { createHttpProber, type HttpProber } from '../../../src/checks/http/probe.ts'
import { createMqttProber } from '../../../src/checks/mqtt/probe.ts'
import { createRedisProber } from '../../../src/checks/redis/probe.ts'
import type { ProbeResult } from '../../../src/checks/result.ts'
import { runProbe, type ProberTable } from '../../../src/checks/run.ts'
import { createSqlProber } from '../../../src/checks/sql/probe.ts'
import { createSshProber } from '../../../src/checks/ssh/probe.ts'
import { createTcpProber } from '../../../src/checks/tcp/probe.ts'
import { createTransactionProber } from '../../../src/checks/transaction/probe.ts'
import { createUdpProber } from '../../../src/checks/udp/probe.ts'
import { createWebsocketProber } from '../../../src/checks/websocket/probe.ts'
import type { Target } from '../../../src/config/target/target.ts'
import { createCertificate, type Certificate } from '../../support/certificates.ts'
import { parse } from '../../support/parse-config.ts'

const authority = createCertificate({ name: 'Test authority', isAuthority: true })

/** A certificate of a server that stands in for one of a page. */
export const certificateFor = (options: {
  readonly dns: readonly string[]
  readonly notAfter?: Date
}): Certificate => createCertificate({ name: 'example.com', issuer: authority, ...options })

/** That of most of them. */
export const certificate = certificateFor({
  dns: [
    'example.com',
    'api.stripe.com',
    '*.example.com',
    '*.example.net',
    '*.acme.example.com',
    '*.internal.example.com',
  ],
})

/** Every name of a page is on this machine. */
export const options = { authorities: [authority.cert], lookup: () => Promise.resolve(['127.0.0.1']) }

/** As `url:` targets are checked, with nothing remembered. */
export const httpProber = (): HttpProber => createHttpProber({ ...options, env: {} })

const probers: Partial<ProberTable> = {
  http: () => Promise.resolve(httpProber()),
  transaction: () => Promise.resolve(createTransactionProber(httpProber())),
  tcp: () => Promise.resolve(createTcpProber(options)),
  udp: () => Promise.resolve(createUdpProber(options)),
  tls: () => Promise.resolve(createCertificateProber(options)),
  dns: () => Promise.resolve(createDnsProber({ ...options, systemServers: () => [] })),
  domain: () => Promise.resolve(createDomainProber({ probe: httpProber() })),
  sql: () => Promise.resolve(createSqlProber(options)),
  redis: () => Promise.resolve(createRedisProber(options)),
  mqtt: () => Promise.resolve(createMqttProber(options)),
  ssh: () => Promise.resolve(createSshProber(options)),
  grpc: () => Promise.resolve(createGrpcProber(options)),
  websocket: () => Promise.resolve(createWebsocketProber(options)),
}

/** What stands in for the servers of a page. */
export interface StandIn {
  /** Where the servers of the page really are, by what the page says. */
  readonly places: Readonly<Record<string, string>>
  /** In place of those that ask this machine. */
  readonly probers?: Partial<ProberTable>
  /** The files that `${file:...}` names, by their paths. Default: none. */
  readonly secrets?: Readonly<Record<string, string>>
  /** The folder of the configuration, in place of `secrets`. */
  readonly directory?: string
  /** Lets the target fail in the way that the page shows. */
  readonly fail: () => unknown
}

/** What a variable of a page stands for. */
export const secretOf = (variable: string): string => `secret-of-${variable}`

/** Every variable is there, but for hosts, which have a default. */
const env = new Proxy<Record<string, string>>(
  {},
  { get: (_, name) => (String(name).endsWith('_HOST') ? undefined : secretOf(String(name))) },
)

/** Makes one check of a target of a targets.yml. */
export async function checkTarget(
  targets: string,
  name: string,
  { places, probers: others, secrets = {}, directory }: StandIn,
): Promise<{ readonly target: Target; readonly result: ProbeResult }> {
  const here = (text: string): string => {
    let moved = text
    for (const [place, real] of Object.entries(places)) moved = moved.replaceAll(place, real)
    return moved
  }
  // A URL may be its own name.
  const target = parse(here(targets), { env, secrets, ...(directory !== undefined && { directory }) }).target(
    here(name),
  )
  if (target === undefined) throw new Error(`${name} is not a target of the page`)
  const result = await runProbe(target.check, {
    timeoutSeconds: target.timeout,
    probers: { ...probers, ...others },
  })
  return { target, result }
}

/** The same, and returns what `probity probe` prints, with the addresses of the page. */
export async function tryTarget(targets: string, name: string, standIn: StandIn): Promise<string> {
  let printed = printProbe({ ...(await checkTarget(targets, name, standIn)), lines: [] })
  for (const [place, real] of Object.entries(standIn.places)) printed = printed.replaceAll(real, place)
  return printed
}

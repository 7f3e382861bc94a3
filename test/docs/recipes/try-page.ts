import { printProbe } from '../../../src/commands/probe/print.ts'
import { createCommandProber } from '../../../src/checks/machine/command/probe.ts'
import { createDnsProber } from '../../../src/checks/dns/probe.ts'
import { createGrpcProber } from '../../../src/checks/grpc/probe.ts'
import { createHttpProber } from '../../../src/checks/http/probe.ts'
import { createIcmpProber } from '../../../src/checks/icmp/probe.ts'
import type { IcmpCheck } from '../../../src/checks/icmp/schema.ts'
import type { Prober } from '../../../src/checks/result.ts'
import { runProbe, type ProberTable } from '../../../src/checks/run.ts'
import { createTcpProber } from '../../../src/checks/tcp/probe.ts'
import { createTransactionProber } from '../../../src/checks/transaction/probe.ts'
import { createCertificate } from '../../support/certificates.ts'
import { parse } from '../../support/parse-config.ts'
import type { RecipePage } from './page.ts'

const authority = createCertificate({ name: 'Test authority', isAuthority: true })

/** The certificate of every server that stands in for one of a recipe. */
export const certificate = createCertificate({
  name: 'example.com',
  dns: ['*.example.com', '*.acme.example.com'],
  issuer: authority,
})

/** Every name of a recipe is on this machine. */
const options = { authorities: [authority.cert], lookup: () => Promise.resolve(['127.0.0.1']) }

const probers: Partial<ProberTable> = {
  http: () => Promise.resolve(createHttpProber({ ...options, env: {} })),
  transaction: () => Promise.resolve(createTransactionProber(createHttpProber({ ...options, env: {} }))),
  tcp: () => Promise.resolve(createTcpProber(options)),
  dns: () => Promise.resolve(createDnsProber({ ...options, systemServers: () => [] })),
  grpc: () => Promise.resolve(createGrpcProber(options)),
  command: () => Promise.resolve(createCommandProber()),
}

/** What stands in for the servers of a recipe. */
export interface StandIn {
  /** Where the servers of the page really are, by what the page says. */
  readonly places: Readonly<Record<string, string>>
  /** In place of the system's. */
  readonly ping?: string
  /** Lets the target fail in the way that the page shows. */
  readonly fail: () => void
}

/** Makes one check of a target of the page, and returns what `probity probe` prints, with the addresses of the page. */
export async function tryTarget(page: RecipePage, name: string, { places, ping }: StandIn): Promise<string> {
  let text = page.targets
  for (const [place, real] of Object.entries(places)) text = text.replaceAll(place, real)
  const env = new Proxy<Record<string, string>>({}, { get: (_, key) => `secret-of-${String(key)}` })
  const target = parse(text, { env }).target(name)
  if (target === undefined) throw new Error(`${name} is not a target of the page`)
  const icmp = (): Promise<Prober<IcmpCheck>> =>
    Promise.resolve(createIcmpProber({ ...(ping !== undefined && { program: ping }), platform: 'linux' }))
  const result = await runProbe(target.check, {
    timeoutSeconds: target.timeout,
    probers: { ...probers, icmp },
  })
  let printed = printProbe({ target, result, lines: [] })
  for (const [place, real] of Object.entries(places)) printed = printed.replaceAll(real, place)
  return printed
}

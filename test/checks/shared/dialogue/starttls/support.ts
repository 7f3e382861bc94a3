import { afterEach, expect, it } from 'vitest'
import type { Socket } from 'node:net'
import type { FailureReason } from '../../../../../src/net/failure.ts'
import type { ProbeResult } from '../../../../../src/checks/result.ts'
import { runProbe } from '../../../../../src/checks/run.ts'
import { createTcpProber } from '../../../../../src/checks/tcp/probe.ts'
import { createCertificate } from '../../../../support/certificates.ts'
import { checkOf } from '../../../../support/checks.ts'
import { slackSeconds } from '../../../../support/time/patience.ts'
import { startTalkServer, type TalkServer } from '../../../../support/servers/talk-server.ts'
import { waitFor } from '../../../../support/time/wait-for.ts'

const authority = createCertificate({ name: 'Test authority', isAuthority: true })
/** Of 127.0.0.1, from an authority that the probes trust. */
export const certificate = createCertificate({ name: 'here', ip: ['127.0.0.1'], issuer: authority })
const probeTcp = createTcpProber({ authorities: [authority.cert] })

let server: TalkServer | undefined
afterEach(async () => {
  await server?.stop()
})

export type Keys = Readonly<Record<string, unknown>>

export async function probe(keys: Keys, timeoutSeconds = 3): Promise<ProbeResult> {
  return runProbe(checkOf('tcp', keys), { timeoutSeconds, probers: { tcp: () => Promise.resolve(probeTcp) } })
}

export async function talk(
  starttls: string,
  onConnection: (socket: Socket) => void,
  keys: Keys = {},
  timeoutSeconds = 5,
): Promise<ProbeResult> {
  server = await startTalkServer(onConnection)
  const result = await probe({ tcp: server.address, starttls, ...keys }, timeoutSeconds)
  await waitFor('the probe to leave no connection behind', () => server?.connections() === 0)
  return result
}

type Broken = readonly [
  onConnection: (socket: Socket) => void,
  reason: FailureReason,
  message: RegExp | string,
]

/** Says the same about every one of them: the reason, the words, in time. */
export function itTells(starttls: string, cases: Readonly<Record<string, Broken>>): void {
  it.each(Object.entries(cases))('tells one that %s', async (_name, [onConnection, reason, message]) => {
    const result = await talk(starttls, onConnection, {}, reason === 'timeout' ? 0.5 : 5)
    expect(result).toMatchObject({
      success: false,
      failure: {
        reason,
        message: typeof message === 'string' ? message : expect.stringMatching(message),
      },
    })
    expect(result.durationSeconds).toBeLessThan(slackSeconds)
  })
}

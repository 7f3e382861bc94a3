import type { Attempt } from '../../net/attempt.ts'
import { endpoint, refusePortZero } from '../../net/connect.ts'
import type { Failure } from '../../net/failure.ts'
import { measured } from '../../net/measured.ts'
import { resolve, usesAddress } from '../../net/reach.ts'
import { systemLookup, type Lookup } from '../../net/resolve.ts'
import type { Prober } from '../result.ts'
import { attempt } from '../shared/attempt.ts'
import { askByDatagram } from '../shared/datagrams.ts'
import { quote, shownBytes } from '../shared/dialogue/dialogue.ts'
import type { UdpResult } from './result.ts'
import type { UdpCheck } from './schema.ts'
import { plural } from '../../lib/text/text.ts'

export interface UdpProberOptions {
  /** Default: getaddrinfo. */
  readonly lookup?: Lookup
}

/** Makes a prober that sends a datagram and judges the first that comes back. */
export function createUdpProber({ lookup = systemLookup }: UdpProberOptions = {}): Prober<UdpCheck> {
  return async (check, context) => {
    let seen: UdpResult = {}
    return attempt(context, {
      details: () => ({ udp: seen }),
      work: async (run) => {
        const { host, port } = check.address
        refusePortZero(port)
        const [address = ''] = await resolve(host, check, lookup, run)
        usesAddress(run, address)
        const answer = await ask(check, address, run)
        seen = { bytes: answer.length }
        context.log.add('answer received', seen.bytes === undefined ? {} : { bytes: seen.bytes })
        return judge(answer, check)
      },
    })
  }
}

/** The prober of `udp:` targets. */
export const probeUdp = createUdpProber()

/** Once more after a third of the time: one datagram of two may be lost. */
async function ask(
  { send: bytes, address: { port } }: UdpCheck,
  address: string,
  run: Attempt,
): Promise<Buffer> {
  const { evidence, context } = run
  const { timeoutSeconds } = context
  evidence.doing = `waiting for an answer from ${endpoint(address, port)}, which may be down, or not understand what was sent`
  context.log.add('sending', { address, port, bytes: bytes.length })
  const waits = [timeoutSeconds === undefined ? [] : (timeoutSeconds * 1000) / 3].flat().values()
  const tell = (seconds: number): void => {
    evidence.phases.processing = seconds
  }
  const take = (datagram: Buffer): Buffer => datagram
  return measured(run, tell, () =>
    askByDatagram({ bytes, address, port, noun: 'datagram', waits, take }, run),
  )
}

function judge(answer: Buffer, { expect: { reply, replyBytes } }: UdpCheck): Failure | undefined {
  if (reply?.regex.matcher(answer.toString()).find() === false)
    return {
      reason: 'body',
      message: `the answer (${plural(answer.length, 'byte')}) does not match ${quote(reply.source)}`,
    }
  if (replyBytes && !answer.subarray(0, replyBytes.length).equals(replyBytes)) {
    const message = `expected an answer that begins with ${shownBytes(replyBytes)}, got ${shownBytes(answer)}`
    return { reason: 'body', message }
  }
  return undefined
}

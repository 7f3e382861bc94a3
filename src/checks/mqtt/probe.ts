import { randomBytes } from 'node:crypto'
import type { Attempt } from '../../net/attempt.ts'
import { ProbeFailure, type Failure } from '../../net/failure.ts'
import type { Prober } from '../result.ts'
import { attempt } from '../shared/attempt.ts'
import { quote } from '../shared/dialogue/dialogue.ts'
import type { Wire } from '../shared/dialogue/wire.ts'
import { createTalk, type ServiceProberOptions } from '../shared/service/open.ts'
import {
  connectPacket,
  disconnectPacket,
  packetTypes,
  readMessage,
  readPacket,
  strange,
  subscribePacket,
} from './packets.ts'
import { refusalOf } from './refusals.ts'
import type { MqttResult } from './result.ts'
import type { MqttCheck } from './schema.ts'

/** Makes a prober that opens a session with a broker, and waits for a message where there is a topic. */
export function createMqttProber(options: ServiceProberOptions = {}): Prober<MqttCheck> {
  const talk = createTalk(options)
  return async (check, context) => {
    let seen: MqttResult = { accepted: false }
    return attempt(context, {
      details: () => ({ mqtt: seen }),
      work: async (run) =>
        talk(check, run, async (wire) => {
          await open(check, wire, run)
          seen = { accepted: true }
          const message = await listen(check, wire, run)
          if (message !== undefined) seen = { accepted: true, message: message.slice(0, 1000) }
          await wire.send(disconnectPacket()).catch(() => undefined)
          return message === undefined ? undefined : judge(message, check)
        }),
    })
  }
}

/** The prober of `mqtt:` targets. */
export const probeMqtt = createMqttProber()

/** Section 3.2. @throws ProbeFailure `status` where the broker refuses it. */
async function open({ version, username, password }: MqttCheck, wire: Wire, run: Attempt): Promise<void> {
  run.evidence.doing = 'waiting for the broker to accept the session'
  // Another session of the same name would be ended by the broker.
  const clientId = `probity-${randomBytes(6).toString('hex')}`
  await wire.send(connectPacket({ version, clientId, username, password }))
  const { type, body } = await readPacket(wire)
  const code = body[1]
  if (type !== packetTypes.connack || code === undefined) throw strange()
  if (code !== 0)
    throw new ProbeFailure('status', `the broker refuses the session: ${refusalOf(code, version)}`)
  run.context.log.add('session accepted', { version })
}

/** The first message of the topic; nothing where there is no topic. */
async function listen({ topic, version }: MqttCheck, wire: Wire, run: Attempt): Promise<string | undefined> {
  if (topic === undefined) return undefined
  run.evidence.doing = `waiting for the broker to accept the subscription to ${topic}`
  await wire.send(subscribePacket(topic, version))
  for (;;) {
    const packet = await readPacket(wire)
    const { type, body } = packet
    // A retained message may come before the subscription is confirmed.
    if (type === packetTypes.publish) {
      const { topic: from, message } = readMessage(packet, version)
      run.context.log.add('message received', { topic: from, characters: message.length })
      return message
    }
    if (type === packetTypes.disconnect)
      throw new ProbeFailure('protocol', `the broker ends the session: ${refusalOf(body[0] ?? 0, version)}`)
    if (type !== packetTypes.suback) throw strange()
    const code = body.at(-1) ?? 0x80
    if (code >= 0x80)
      throw new ProbeFailure(
        'status',
        `the broker refuses the subscription to ${topic}: ${refusalOf(code, '5')}`,
      )
    run.evidence.doing = `waiting for a message of ${topic}: it may have no retained one`
  }
}

function judge(message: string, { topic = '', expect }: MqttCheck): Failure | undefined {
  if (expect.message?.regex.matcher(message).find() !== false) return undefined
  return {
    reason: 'body',
    message: `expected the message of ${topic} to match ${quote(expect.message.source)}, got ${quote(message)}`,
  }
}

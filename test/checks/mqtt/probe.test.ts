import type { Socket } from 'node:net'
import { beforeAll, describe, expect, it } from 'vitest'
import { createMqttProber } from '../../../src/checks/mqtt/probe.ts'
import type { ProbeResult } from '../../../src/checks/result.ts'
import { runProbe } from '../../../src/checks/run.ts'
import { atEnd } from '../../support/at-end.ts'
import { createCertificate } from '../../support/certificates.ts'
import { checkOf } from '../../support/checks.ts'
import { parse, parseTarget } from '../../support/parse-config.ts'
import { mosquittoTools, retain, startMosquitto } from '../../support/programs/mosquitto.ts'
import { describeWithTool } from '../../support/programs/tools.ts'
import { startTalkServer } from '../../support/servers/talk-server.ts'

const authority = createCertificate({ name: 'Test authority', isAuthority: true })
const certificate = createCertificate({ name: 'broker', ip: ['127.0.0.1'], issuer: authority })
const prober = createMqttProber({ authorities: [authority.cert] })

type Keys = Readonly<Record<string, unknown>>

async function probe(keys: Keys, timeoutSeconds = 5): Promise<ProbeResult> {
  return runProbe(checkOf('mqtt', keys), { timeoutSeconds, probers: { mqtt: () => Promise.resolve(prober) } })
}

describeWithTool(mosquittoTools, 'mqtt, against Mosquitto', () => {
  let open = 0
  let locked = 0
  let secured = 0
  beforeAll(async () => {
    ;[open = 0, locked = 0, secured = 0] = await startMosquitto([
      {},
      { login: { user: 'me', password: 'sesame' } },
      { certificate },
    ])
    await retain(open, 'home/state', 'on é')
  })

  describe.each(['3.1.1', '5'])('with version %s', (version) => {
    it('opens a session, and reads a retained message', async () => {
      const keys = { mqtt: `mqtt://127.0.0.1:${open}`, mqtt_version: version }
      expect(await probe(keys)).toMatchObject({ success: true, mqtt: { accepted: true } })
      const result = await probe({ ...keys, topic: 'home/+', expect: { message: '^on é$' } })
      expect(result).toMatchObject({ success: true, mqtt: { accepted: true, message: 'on é' } })
      expect(Object.keys(result.phases ?? {})).toEqual(['resolve', 'connect', 'processing'])
    })

    it('logs in', async () => {
      const keys = { mqtt: `mqtt://me:sesame@127.0.0.1:${locked}`, mqtt_version: version }
      expect(await probe(keys)).toMatchObject({ success: true })
    })

    it('says that the password is missing, or wrong', async () => {
      for (const user of ['', 'me:wrong@']) {
        const { failure, mqtt } = await probe({
          mqtt: `mqtt://${user}127.0.0.1:${locked}`,
          mqtt_version: version,
        })
        expect(failure).toEqual({
          reason: 'status',
          message: expect.stringMatching(
            /^the broker refuses the session: the client is not authorized: .* \(code (5|135)\)$/,
          ),
        })
        expect(mqtt).toEqual({ accepted: false })
      }
    })

    it('says that the message is another', async () => {
      const keys = {
        mqtt: `mqtt://127.0.0.1:${open}`,
        mqtt_version: version,
        topic: 'home/state',
        expect: { message: '^off' },
      }
      expect((await probe(keys)).failure).toEqual({
        reason: 'body',
        message: 'expected the message of home/state to match "^off", got "on é"',
      })
    })

    it('says that there is none', async () => {
      const keys = { mqtt: `mqtt://127.0.0.1:${open}`, mqtt_version: version, topic: 'home/none' }
      const { failure, mqtt } = await probe(keys, 0.5)
      expect(failure).toEqual({
        reason: 'timeout',
        message:
          'no answer within 0.5s while waiting for a message of home/none: it may have no retained one',
      })
      expect(mqtt).toEqual({ accepted: true })
    })
  })

  it('speaks TLS, and verifies the certificate', async () => {
    const mqtt = `mqtts://127.0.0.1:${secured}`
    expect(await probe({ mqtt })).toMatchObject({ success: true, tls: { verified: true } })
    const named = await probe({ mqtt, tls: { server_name: 'other.example' } })
    expect(named.failure).toMatchObject({ reason: 'certificate' })
  })
})

describe('mqtt, against what is not a broker', () => {
  async function talk(onConnection: (socket: Socket) => void, keys: Keys = {}): Promise<ProbeResult> {
    const { port, stop } = await startTalkServer(onConnection)
    atEnd(stop)
    return probe({ mqtt: `mqtt://127.0.0.1:${port}`, ...keys })
  }
  const accepted = Buffer.from([0x20, 3, 0, 0, 0])

  it.each<[string, Uint8Array, string, string]>([
    ['nothing', Buffer.from(''), 'connect', 'the broker closed the connection before it answered'],
    [
      'something else',
      Buffer.from('HTTP/1.1 400 Bad Request'.padEnd(200)),
      'protocol',
      'what the server sent is not an answer of MQTT',
    ],
    [
      'a length without end',
      Buffer.from([0x20, 255, 255, 255, 255, 255]),
      'protocol',
      'what the server sent is not an answer of MQTT',
    ],
    ['half of a packet', Buffer.from([0x20, 3, 0]), 'protocol', 'the broker closed the connection'],
    [
      'too long a packet',
      Buffer.from([0x20, 255, 255, 127]),
      'size',
      'the broker sent a packet of more than 512 KiB',
    ],
    [
      'that it is busy',
      Buffer.from([0x20, 3, 0, 0x89, 0]),
      'status',
      'the broker refuses the session: it is busy (code 137)',
    ],
    [
      'that it refuses the topic',
      Buffer.concat([accepted, Buffer.from([0x90, 4, 0, 1, 0, 0x87])]),
      'status',
      'the broker refuses the subscription to a/b: the client is not authorized: a user name and a password may be missing, or wrong (code 135)',
    ],
    [
      'that it ends the session',
      Buffer.concat([accepted, Buffer.from([0xe0, 2, 0x8b, 0])]),
      'protocol',
      'the broker ends the session: it is shutting down (code 139)',
    ],
    [
      'a message that is none',
      Buffer.concat([accepted, Buffer.from([0x30, 3, 0, 9, 1])]),
      'protocol',
      'what the server sent is not an answer of MQTT',
    ],
  ])('says that it sent %s', async (_name, sent, reason, message) => {
    expect(
      (await talk((socket) => socket.once('data', () => socket.end(sent)), { topic: 'a/b' })).failure,
    ).toEqual({ reason, message })
  })
})

describe('a target with mqtt:', () => {
  it('does not show its password', () => {
    const text = 'targets: [{ name: it, mqtt: "mqtts://me:sesame@broker.example", topic: "${KEY}/x" }]'
    const { instance, shown, secrets } = parseTarget(text, { env: { KEY: 'key-7' } })
    expect(instance).toBe('mqtts://broker.example')
    expect(JSON.stringify(shown)).not.toMatch(/sesame|key-7/)
    expect(secrets).toEqual(expect.arrayContaining(['sesame', 'key-7']))
  })

  it.each([
    [
      'another scheme',
      'mqtt: "tcp://a"',
      'is not a valid URL here: expected one such as mqtt://broker.example.com',
    ],
    ['a path', 'mqtt: "mqtt://a/topic"', 'write the topic as topic:'],
    ['a bad topic', 'mqtt: "mqtt://a", topic: "a/#/b"', 'is not a valid topic'],
    [
      'a message without a topic',
      'mqtt: "mqtt://a", expect: { message: x }',
      'has no effect without a topic',
    ],
    ['a password alone', 'mqtt: "mqtt://:x@a", mqtt_version: "3.1.1"', 'MQTT 3.1.1 does not allow'],
    ['an unknown version', 'mqtt: "mqtt://a", mqtt_version: "3.1"', 'expected 3.1.1 or 5'],
  ])('is refused with %s', (_name, keys, words) => {
    expect(() => parse(`targets: [{ name: it, ${keys} }]`)).toThrow(words)
  })
})

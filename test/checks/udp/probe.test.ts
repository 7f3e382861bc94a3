import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { recordProbeLog } from '../../../src/checks/log.ts'
import { runProbe } from '../../../src/checks/run.ts'
import { checkOf } from '../../support/checks.ts'
import { parse, parseTarget } from '../../support/parse-config.ts'

const servers: Socket[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** A server that answers each datagram with what this makes of it and of how many came before it. */
async function serve(answer: (datagram: Buffer, before: number) => Buffer | undefined) {
  const server = createSocket('udp4')
  servers.push(server)
  const heard: Buffer[] = []
  server.on('message', (datagram, { port, address }) => {
    const reply = answer(datagram, heard.length)
    heard.push(datagram)
    if (reply) server.send(reply, port, address)
  })
  server.bind(0, '127.0.0.1')
  await once(server, 'listening')
  return { udp: `127.0.0.1:${server.address().port}`, heard }
}

type Keys = Readonly<Record<string, unknown>>

async function probe(keys: Keys, timeoutSeconds = 5) {
  const log = recordProbeLog(() => 0)
  return { result: await runProbe(checkOf('udp', keys), { timeoutSeconds, log }), log }
}

describe('udp', () => {
  it.each<[string, Keys, string]>([
    ['a text, as it is written', { send: 'ping é' }, Buffer.from('ping é').toString('hex')],
    ['nothing', { send: '' }, ''],
    ['a text that is bytes', { send: '\xff\xffT\0' }, 'ffff5400'],
    ['bytes', { send_bytes: '2e a7 D9 0b' }, '2ea7d90b'],
  ])('sends %s', async (_name, keys, hex) => {
    const { udp, heard } = await serve(() => Buffer.from('pong'))
    const { result } = await probe({ udp, ...keys })
    expect(result).toMatchObject({ success: true, udp: { bytes: 4 }, resolve: { address: '127.0.0.1' } })
    expect(Object.keys(result.phases!)).toEqual(['resolve', 'processing'])
    expect(heard.map((datagram) => datagram.toString('hex'))).toEqual([hex])
  })

  it.each<[string, Keys, string | undefined]>([
    ['that matches', { reply: '^up \\d+$' }, undefined],
    ['that does not match', { reply: '^down' }, 'the answer (4 bytes) does not match "^down"'],
    ['that begins with the bytes', { reply_bytes: '75 70' }, undefined],
    [
      'that begins with other bytes',
      { reply_bytes: '75 71' },
      'expected an answer that begins with 75 71, got 75 70 20 37',
    ],
  ])('judges an answer %s', async (_name, expected, message) => {
    const { udp } = await serve(() => Buffer.from('up 7'))
    const { result } = await probe({ udp, send: 'x', expect: expected })
    expect(result.failure).toEqual(message === undefined ? undefined : { reason: 'body', message })
    expect(result.udp).toEqual({ bytes: 4 })
  })

  it('sends it again once', async () => {
    const lossy = await serve((_datagram, before) => (before === 0 ? undefined : Buffer.from('late')))
    const { result, log } = await probe({ udp: lossy.udp, send: 'x' }, 3)
    expect(result.success).toBe(true)
    expect(log.lines.map(({ message }) => message)).toContain('no answer yet, asking again')
    const deaf = await serve(() => undefined)
    const silent = await probe({ udp: deaf.udp, send: 'x' }, 0.3)
    expect(silent.result.failure).toEqual({
      reason: 'timeout',
      message: `no answer within 0.3s while waiting for an answer from ${deaf.udp}, which may be down, or not understand what was sent`,
    })
    expect(deaf.heard).toHaveLength(2)
  })

  it('says that nothing listens there', async () => {
    const { udp } = await serve(() => undefined)
    const server = servers.pop()!
    server.close()
    await once(server, 'close')
    const { result } = await probe({ udp, send: 'x' })
    expect(result.failure).toEqual({
      reason: 'connect',
      message: `${udp} refused the datagram: nothing is listening there (ECONNREFUSED)`,
    })
    expect(result.udp).toEqual({})
  })
})

describe('a target with udp:', () => {
  it.each([
    ['nothing to send', 'udp: a:1', 'targets[0].udp: nothing answers unless it is asked'],
    [
      'two things to send',
      'udp: a:1, send: x, send_bytes: "00"',
      'has no effect with send: keep one of them',
    ],
    ['no port', 'udp: a, send: x', 'targets[0].udp'],
    ['something that is not bytes', 'udp: a:1, send_bytes: xyz', 'is not bytes'],
  ])('is refused with %s', (_name, keys, words) => {
    expect(() => parse(`targets: [{ name: it, ${keys.replaceAll('a:1', '"a:1"')} }]`)).toThrow(words)
  })

  it('does not show what it logs in with', () => {
    const text =
      'targets: [{ name: it, udp: "a:1", send: "AUTH sesame ${KEY}", expect: { reply: "ok ${KEY}" } }]'
    const { shown, secrets } = parseTarget(text, { env: { KEY: 'key-7' } })
    expect(shown).toMatchObject({ send: '<secret>' })
    expect(secrets).toEqual(expect.arrayContaining(['AUTH sesame key-7', 'key-7']))
  })
})

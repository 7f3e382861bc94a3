import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Socket } from 'node:net'
import { beforeAll, describe, expect, it } from 'vitest'
import { createRedisProber } from '../../../src/checks/redis/probe.ts'
import type { ProbeResult } from '../../../src/checks/result.ts'
import { runProbe } from '../../../src/checks/run.ts'
import { renderProbe } from '../../../src/metrics/render.ts'
import { atEnd } from '../../support/at-end.ts'
import { createCertificate } from '../../support/certificates.ts'
import { checkOf } from '../../support/checks.ts'
import { parse, parseTarget } from '../../support/parse-config.ts'
import { freePort } from '../../support/programs/free-port.ts'
import { redisTlsFlags, startRedis } from '../../support/programs/redis.ts'
import { describeWithTool } from '../../support/programs/tools.ts'
import { startTalkServer } from '../../support/servers/talk-server.ts'
import { aTarget } from '../../support/target.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const authority = createCertificate({ name: 'Test authority', isAuthority: true })
const certificate = createCertificate({ name: 'cache', ip: ['127.0.0.1'], issuer: authority })
const prober = createRedisProber({ authorities: [authority.cert] })

type Keys = Readonly<Record<string, unknown>>

async function probe(keys: Keys, timeoutSeconds = 5): Promise<ProbeResult> {
  return runProbe(checkOf('redis', keys), {
    timeoutSeconds,
    probers: { redis: () => Promise.resolve(prober) },
  })
}

describeWithTool(['redis-server'], 'redis, against a real server', () => {
  let open = 0
  let locked = 0
  let secured = 0
  beforeAll(async () => {
    const folder = await tempFolder()
    writeFileSync(join(folder, 'cert.pem'), certificate.cert)
    writeFileSync(join(folder, 'key.pem'), certificate.key)
    secured = await freePort()
    open = await startRedis(redisTlsFlags(secured, join(folder, 'cert.pem'), join(folder, 'key.pem')))
    locked = await startRedis(['--requirepass', 'sesame'])
    for (const command of [
      ['RPUSH', 'jobs', 'a', 'b'],
      ['SET', 'text', 'é'],
    ])
      await probe({ redis: `redis://127.0.0.1:${open}/1`, redis_command: command })
  })

  it.each<[string, Keys, string]>([
    ['PING', {}, 'PONG'],
    ['a number', { redis_command: ['LLEN', 'jobs'], expect: { reply: '^2$' } }, '2'],
    ['a text', { redis_command: ['GET', 'text'], expect: { reply: '^é$' } }, 'é'],
    ['nothing', { redis_command: ['GET', 'none'], expect: { reply: 'nil' } }, '(nil)'],
    ['a list', { redis_command: ['LRANGE', 'jobs', '0', '-1'], expect: { reply: '^a\nb$' } }, 'a\nb'],
  ])('reads the answer to %s', async (_name, keys, reply) => {
    const result = await probe({ redis: `redis://127.0.0.1:${open}/1`, ...keys })
    expect(result).toMatchObject({ success: true, redis: { reply }, resolve: { address: '127.0.0.1' } })
    expect(Object.keys(result.phases ?? {})).toEqual(['resolve', 'connect', 'processing'])
  })

  it('logs in, with and without a user', async () => {
    for (const user of ['', 'default'])
      expect(await probe({ redis: `redis://${user}:sesame@127.0.0.1:${locked}/3` })).toMatchObject({
        success: true,
      })
  })

  it('speaks TLS, and verifies the certificate', async () => {
    const redis = `rediss://127.0.0.1:${secured}`
    expect(await probe({ redis })).toMatchObject({ success: true, tls: { verified: true } })
    const named = await probe({ redis, tls: { server_name: 'other.example' } })
    expect(named.failure).toMatchObject({ reason: 'certificate' })
  })

  it('exports a number', async () => {
    const result = await probe({ redis: `redis://127.0.0.1:${open}/1`, redis_command: ['LLEN', 'jobs'] })
    const target = aTarget({ check: checkOf('redis', { redis: 'redis://a' }) })
    expect(renderProbe({ target, result, timeoutSeconds: 1 })).toContain('\nprobe_redis_value 2\n')
  })

  it.each<[string, () => Keys, string, RegExp]>([
    [
      'a password is missing',
      () => ({ redis: `redis://127.0.0.1:${locked}` }),
      'status',
      /^the answer to PING is an error: "NOAUTH .*\(the server wants a password: write it into the URL/,
    ],
    [
      'the password is wrong',
      () => ({ redis: `redis://:wrong@127.0.0.1:${locked}` }),
      'status',
      /^the answer to AUTH is an error: "WRONGPASS .*refuses the user name or the password\)$/,
    ],
    [
      'there is no such database',
      () => ({ redis: `redis://127.0.0.1:${open}/99` }),
      'status',
      /^the answer to SELECT 99 is an error: "ERR DB index is out of range"$/,
    ],
    [
      'there is no such command',
      () => ({ redis: `redis://127.0.0.1:${open}`, redis_command: ['NONSENSE'] }),
      'status',
      /^the answer to NONSENSE is an error: "ERR unknown command/,
    ],
    [
      'the answer is another',
      () => ({
        redis: `redis://127.0.0.1:${open}/1`,
        redis_command: ['LLEN', 'jobs'],
        expect: { reply: '^0$' },
      }),
      'body',
      /^expected the answer to LLEN to match "\^0\$", got "2"$/,
    ],
    ['nothing listens', () => ({ redis: 'redis://127.0.0.1:1' }), 'connect', /refused the connection/],
  ])('says that %s', async (_name, keys, reason, message) => {
    expect((await probe(keys())).failure).toEqual({ reason, message: expect.stringMatching(message) })
  })
})

describe('redis, against what is not a Redis server', () => {
  async function talk(onConnection: (socket: Socket) => void, timeoutSeconds = 5): Promise<ProbeResult> {
    const { port, stop } = await startTalkServer(onConnection)
    atEnd(stop)
    return probe({ redis: `redis://127.0.0.1:${port}` }, timeoutSeconds)
  }

  it.each<[string, string, string, RegExp]>([
    ['something else', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'protocol', /is not an answer of Redis/],
    ['a number that is none', ':x\r\n', 'protocol', /is not an answer of Redis/],
    ['too long a text', '$9999999\r\n', 'size', /larger than 1024 KiB/],
    [
      'too long a list',
      `*999999\r\n${'+x\r\n'.repeat(10_001)}`,
      'size',
      /more than 1(0000|0,000)? ?(items|lines)|more than 10000/,
    ],
    ['half of an answer', '$10\r\nabc', 'protocol', /in the middle of its answer/],
    ['nothing', '', 'connect', /closed the connection before it answered/],
  ])('says that it sent %s', async (_name, sent, reason, message) => {
    const { failure } = await talk((socket) => socket.once('data', () => socket.end(sent)))
    expect(failure).toEqual({ reason, message: expect.stringMatching(message) })
  })

  it('says what it waited for', async () => {
    const { failure } = await talk(() => undefined, 0.3)
    expect(failure).toEqual({
      reason: 'timeout',
      message: 'no answer within 0.3s while waiting for the answer to PING',
    })
  })
})

describe('a target with redis:', () => {
  it('shows neither its password nor what is inserted into its command', () => {
    const text =
      'targets: [{ name: it, redis: "redis://me:sesame@cache.example/0", redis_command: [GET, "${KEY}"] }]'
    const { instance, shown, secrets } = parseTarget(text, { env: { KEY: 'key-7' } })
    expect(instance).toBe('redis://cache.example/0')
    expect(JSON.stringify(shown)).not.toMatch(/sesame|key-7/)
    expect(secrets).toEqual(expect.arrayContaining(['sesame', 'key-7']))
  })

  it.each([
    [
      'another scheme',
      'redis: "http://a"',
      'is not a valid URL here: expected one such as redis://cache.example.com',
    ],
    ['a path that is not a number', 'redis: "redis://a/x"', 'is not the number of a database'],
    ['a bad port', 'redis: "redis://a:99999"', 'is not a valid URL here'],
    [
      'a command in one word',
      'redis: "redis://a", redis_command: "LLEN jobs"',
      'write the arguments as a list',
    ],
  ])('is refused with %s', (_name, keys, words) => {
    expect(() => parse(`targets: [{ name: it, ${keys} }]`)).toThrow(words)
  })
})

import type { Socket } from 'node:net'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ProbeResult } from '../../../src/checks/result.ts'
import { runProbe } from '../../../src/checks/run.ts'
import { atEnd } from '../../support/at-end.ts'
import { checkOf } from '../../support/checks.ts'
import { parse, parseTarget } from '../../support/parse-config.ts'
import { sshdTools, startSshd } from '../../support/programs/sshd.ts'
import { describeWithTool } from '../../support/programs/tools.ts'
import { startTalkServer } from '../../support/servers/talk-server.ts'

type Keys = Readonly<Record<string, unknown>>

async function probe(keys: Keys, timeoutSeconds = 5): Promise<ProbeResult> {
  return runProbe(checkOf('ssh', keys), { timeoutSeconds })
}

// Optional: to install it opens a machine to the network.
describeWithTool(
  sshdTools,
  'ssh, against OpenSSH',
  () => {
    let ssh = ''
    beforeAll(async () => {
      ssh = `127.0.0.1:${await startSshd()}`
    })

    it('reads its software and its algorithms', async () => {
      const result = await probe({
        ssh,
        expect: { software: '^OpenSSH_\\d', not_algorithms: ['^arcfour', 'md5'] },
      })
      expect(result).toMatchObject({
        success: true,
        ssh: {
          protocol: '2.0',
          software: expect.stringMatching(/^OpenSSH_/),
          keyExchange: expect.stringMatching(/\w{10}/),
        },
        resolve: { address: '127.0.0.1' },
      })
      expect(Object.keys(result.phases ?? {})).toEqual(['resolve', 'connect', 'processing'])
    })

    it('says that it has another software', async () => {
      const { failure, ssh: seen } = await probe({ ssh, expect: { software: '^dropbear' } })
      expect(failure).toEqual({
        reason: 'body',
        message: expect.stringMatching(/^expected the software to match "\^dropbear", got "OpenSSH_/),
      })
      expect(seen?.software).toMatch(/^OpenSSH_/)
    })

    it('says that it offers an algorithm that is not wanted', async () => {
      const { failure } = await probe({ ssh, expect: { not_algorithms: ['none-such', '^ssh-ed25519$'] } })
      expect(failure).toEqual({
        reason: 'body',
        message: 'the server offers "ssh-ed25519", which matches "^ssh-ed25519$"',
      })
    })
  },
  { optional: true },
)

describe('ssh, against what is not an SSH server', () => {
  async function talk(onConnection: (socket: Socket) => void, timeoutSeconds = 5): Promise<ProbeResult> {
    const { port, stop } = await startTalkServer(onConnection)
    atEnd(stop)
    return probe({ ssh: `127.0.0.1:${port}` }, timeoutSeconds)
  }

  it.each<[string, string | Buffer, string, string]>([
    ['nothing', '', 'connect', 'the server closed the connection before it said anything'],
    [
      'something else',
      '220 mail\r\n',
      'protocol',
      'the server closed the connection before it said that it speaks SSH',
    ],
    [
      'many lines',
      'x\r\n'.repeat(60),
      'protocol',
      'what the server sent is not SSH: none of its lines begins with SSH-2.0-',
    ],
    ['an old version', 'SSH-1.5-old\r\n', 'protocol', 'the server speaks version 1.5 of SSH, expected 2.0'],
    [
      'no algorithms',
      'Hello\r\nSSH-2.0-x\r\n',
      'protocol',
      'the server closed the connection before it offered algorithms',
    ],
    [
      'another packet',
      Buffer.concat([
        Buffer.from('SSH-2.0-x\r\n'),
        Buffer.from([0, 0, 0, 12, 4, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
      ]),
      'protocol',
      'the first packet of the server is not the beginning of a key exchange',
    ],
    [
      'a packet that is too long',
      Buffer.concat([Buffer.from('SSH-2.0-x\r\n'), Buffer.from([255, 255, 255, 255, 4])]),
      'protocol',
      'the first packet of the server is not the beginning of a key exchange',
    ],
    [
      'a list that is longer than its packet',
      Buffer.concat([
        Buffer.from('SSH-2.0-x\r\n'),
        Buffer.from([0, 0, 0, 28, 4, 20]),
        Buffer.alloc(16),
        Buffer.from([0, 0, 1, 0]),
        Buffer.alloc(6),
      ]),
      'protocol',
      'the first packet of the server is not the beginning of a key exchange',
    ],
  ])('says that it sent %s', async (_name, sent, reason, message) => {
    expect((await talk((socket) => socket.end(sent))).failure).toEqual({ reason, message })
  })

  it('says what it waited for', async () => {
    const { failure } = await talk(() => undefined, 0.3)
    expect(failure).toEqual({
      reason: 'timeout',
      message: 'no answer within 0.3s while waiting for the server to say what it is',
    })
    const half = await talk((socket) => socket.write('SSH-2.0-x\r\n'), 0.3)
    expect(half).toMatchObject({
      failure: {
        reason: 'timeout',
        message: expect.stringContaining('the algorithms that the server offers'),
      },
      ssh: { software: 'x' },
    })
  })
})

it('uses port 22 unless another is written', () => {
  expect(parseTarget('targets: [{ name: it, ssh: a.example }]')).toMatchObject({ instance: 'a.example:22' })
  expect(() => parse('targets: [{ name: it, ssh: "ssh://a" }]')).toThrow('is a URL')
})

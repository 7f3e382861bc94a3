import type { FailureReason } from '../../../src/net/failure.ts'
import { afterEach, describe, expect, it } from 'vitest'
import type { Socket } from 'node:net'
import { renderProbe } from '../../../src/metrics/render.ts'
import type { ProbeResult } from '../../../src/checks/result.ts'
import { runProbe } from '../../../src/checks/run.ts'
import { createTcpProber } from '../../../src/checks/tcp/probe.ts'
import { createCertificate } from '../../support/certificates.ts'
import { checkOf } from '../../support/checks.ts'
import { ampleSeconds, slackSeconds } from '../../support/time/patience.ts'
import {
  onLines,
  script,
  startTalkServer,
  upgrade,
  type TalkServer,
} from '../../support/servers/talk-server.ts'
import { aTarget } from '../../support/target.ts'
import { waitFor } from '../../support/time/wait-for.ts'

const authority = createCertificate({ name: 'Test authority', isAuthority: true })
const certificate = createCertificate({ name: 'here', ip: ['127.0.0.1'], issuer: authority })
const probeTcp = createTcpProber({ authorities: [authority.cert] })

let server: TalkServer | undefined
afterEach(async () => {
  await server?.stop()
})

type Keys = Readonly<Record<string, unknown>>

async function probe(keys: Keys, timeoutSeconds = 3): Promise<ProbeResult> {
  return runProbe(checkOf('tcp', keys), { timeoutSeconds, probers: { tcp: () => Promise.resolve(probeTcp) } })
}

/** Probes a server that does this, and waits until the probe has left it. */
async function talk(
  onConnection: (socket: Socket) => void,
  keys: Keys = {},
  timeoutSeconds?: number,
): Promise<ProbeResult> {
  server = await startTalkServer(onConnection)
  const result = await probe({ tcp: server.address, ...keys }, timeoutSeconds)
  await waitFor('the probe to leave no connection behind', () => server?.connections() === 0)
  return result
}

describe('the TCP prober', () => {
  it('succeeds when there is a connection', async () => {
    const result = await talk(() => undefined)
    expect(result).toMatchObject({
      success: true,
      resolve: { address: '127.0.0.1' },
      dialogue: { failedDueToRegex: false, info: [] },
    })
    expect(Object.keys(result.phases!)).toEqual(['resolve', 'connect'])
    expect(result).not.toHaveProperty('tls')
  })

  it('goes through a dialogue, line by line, with what groups have found', async () => {
    const heard: string[] = []
    const result = await talk(
      (socket) => {
        socket.write('notice\r\nhello Ann, token 7f\r\n')
        onLines(socket, (line) => {
          heard.push(line)
          socket.write(line === 'bye' ? 'done' : 'welcome\n')
          if (line === 'bye') socket.end()
        })
      },
      {
        dialogue: [
          {
            expect: '^hello (?P<who>\\w+), token (\\w+)$',
            send: 'I am $<who>, $2 $$1 $x',
            labels: { who: '$1', both: '$<1>-$2' },
          },
          { expect: '^welcome$', send: 'bye' },
          { expect: 'done' },
        ],
      },
    )
    expect(result).toMatchObject({
      success: true,
      dialogue: { failedDueToRegex: false, info: [{ who: 'Ann', both: 'Ann-7f' }] },
    })
    expect(heard).toEqual(['I am Ann, 7f $1 $x', 'bye'])
  })

  it('sends to a server that has said its last word', async () => {
    const heard: string[] = []
    const result = await talk(
      (socket) => {
        socket.allowHalfOpen = true
        onLines(socket, (line) => heard.push(line))
        socket.on('end', () => socket.destroy())
        // Its end has to be seen before this is a line.
        socket.end('220 ready')
      },
      { dialogue: [{ expect: '^220 ', send: 'QUIT' }] },
    )
    expect(result.success).toBe(true)
    await waitFor('the line to arrive', () => heard.length > 0)
    expect(heard).toEqual(['QUIT'])
  })

  it('speaks TLS from the beginning', async () => {
    const result = await talk(upgrade('', certificate, script('hello\n')), {
      use_tls: true,
      dialogue: [{ expect: 'hello' }],
    })
    expect(result).toMatchObject({ success: true, tls: { verified: true, version: 'TLS 1.3' } })
    expect(Object.keys(result.phases!)).toEqual(['resolve', 'connect', 'tls'])
  })

  it('begins TLS after a step', async () => {
    const secured = script('', { PING: 'PONG\n' })
    const result = await talk(script('hi\n', { TLS: upgrade('go\r\n', certificate, secured) }), {
      dialogue: [
        { expect: 'hi', send: 'TLS' },
        { expect: '^go$', starttls: true },
        { send: 'PING' },
        { expect: 'PONG' },
      ],
    })
    expect(result).toMatchObject({ success: true, tls: { verified: true } })
  })

  it('renders what blackbox_exporter does', async () => {
    const result = await talk(script('SSH-2.0-Open"SSH\n'), {
      dialogue: [{ expect: '^SSH-([^-]+)-(.*)$', labels: { protocol: '$1', software: '$2' } }],
    })
    const target = aTarget({ check: checkOf('tcp', { tcp: '127.0.0.1:1' }) })
    const lines = renderProbe({ target, result, timeoutSeconds: 3 }).split('\n')
    expect(lines).toEqual(
      expect.arrayContaining([
        'probe_success 1',
        'probe_ip_protocol 4',
        'probe_ip_addr_hash 3668918509',
        'probe_failed_due_to_regex 0',
        '# HELP probe_expect_info Explicit content matched; its labels are those of the steps of dialogue:',
        'probe_expect_info{protocol="2.0",software="Open\\"SSH"} 1',
      ]),
    )
  })

  it('reads a line of 64 KiB, its end included', async () => {
    const result = await talk((socket) => socket.write(`${'x'.repeat(65_535)}\n`), {
      dialogue: [{ expect: '^x{5}' }],
    })
    expect(result.success).toBe(true)
  })

  it('gives the same labels once', async () => {
    const step = { expect: '^(a)$', labels: { letter: '$1' } }
    const result = await talk(script('a\na\n'), { dialogue: [step, step] })
    expect(result.dialogue!.info).toEqual([{ letter: 'a' }])
  })

  it('cuts what becomes a label', async () => {
    const result = await talk(script(`${'x'.repeat(5000)}\u0007\n`), {
      dialogue: [{ expect: '^(.*)$', labels: { all: '$1' } }],
    })
    expect(result.dialogue!.info[0]!['all']).toBe(`${'x'.repeat(127)}…`)
  })
})

const expectGreeting = { dialogue: [{ expect: '^220 ' }] }

interface Broken {
  readonly server: (socket: Socket) => void
  readonly keys?: Keys
  readonly reason: FailureReason
  readonly message: RegExp
  readonly regex?: boolean
}

const endless =
  (chunk: Buffer | string) =>
  (socket: Socket): void => {
    const write = (): void => {
      while (!socket.destroyed && socket.write(chunk));
    }
    socket.on('drain', write)
    write()
  }

const broken: Readonly<Record<string, Broken>> = {
  'says something else and goes': {
    server: (socket) => socket.end('554 no\nbye'),
    reason: 'body',
    message:
      /^step 1: expected a line that matches "\^220 ", but the server ended the connection after 2 lines$/,
    regex: true,
  },
  'goes without a word': {
    server: (socket) => socket.end(),
    reason: 'connect',
    message: /^the server closed the connection before it sent anything$/,
    regex: true,
  },
  'resets the connection at once': {
    server: (socket) => socket.resetAndDestroy(),
    reason: 'connect',
    message: / reset the connection\b/,
  },
  'resets the connection in the middle': {
    server: (socket) => {
      socket.write('wait\n')
      onLines(socket, () => socket.resetAndDestroy())
    },
    keys: { dialogue: [{ expect: 'wait', send: 'x' }, { expect: 'never' }] },
    reason: 'protocol',
    message: /^the server reset the connection$/,
  },
  'says nothing': {
    server: () => undefined,
    reason: 'timeout',
    message:
      /^no answer within 0\.5s while waiting for a line that matches "\^220 " \(step 1 of its dialogue\)$/,
  },
  'says something else and stays': {
    server: (socket) => socket.write('554 no\n220'),
    reason: 'timeout',
    message: /while waiting for a line/,
  },
  'never ends its line': {
    server: endless('x'.repeat(1000)),
    reason: 'size',
    message: /^the server sent a line of more than 64 KiB$/,
  },
  'says a line that is too long before the right one': {
    server: (socket) => socket.write(`${'x'.repeat(65_536)}\n220 hi\n`),
    reason: 'size',
    message: /^the server sent a line of more than 64 KiB$/,
  },
  'never stops saying something else': {
    server: endless(`${'y'.repeat(999)}\n`),
    reason: 'size',
    message: /^the server sent more than 1024 KiB$/,
  },
  'never stops sending empty lines': {
    server: endless('\n'.repeat(1000)),
    reason: 'size',
    message: /^the server sent more than 10000 lines$/,
  },
  'has an invalid certificate': {
    server: upgrade('', createCertificate({ name: 'there', dns: ['there.example'], issuer: authority })),
    keys: { use_tls: true },
    reason: 'certificate',
    message: /^the certificate is not for 127\.0\.0\.1, but for there\.example$/,
  },
  'speaks no TLS': {
    server: script('220 hello\r\n'),
    keys: { use_tls: true },
    reason: 'tls',
    message: /^no TLS handshake with 127\.0\.0\.1: the port does not speak TLS$/,
  },
  'stops in the middle of the handshake': {
    server: (socket) => {
      socket.once('data', () => socket.write(Buffer.from([0x16, 0x03, 0x03])))
    },
    keys: { use_tls: true },
    reason: 'timeout',
    message: /while in the TLS handshake with 127\.0\.0\.1$/,
  },
  'slips something in before TLS': {
    server: script('hi\n', { TLS: upgrade('go\nEVIL\n', certificate) }),
    keys: {
      dialogue: [
        { expect: 'hi', send: 'TLS' },
        { expect: 'go', starttls: true },
      ],
    },
    reason: 'protocol',
    message: /^the server sent data before TLS began/,
  },
}

describe('the TCP prober, with a server that', () => {
  it.each(Object.entries(broken))('%s', async (_name, { server: behave, keys, reason, message, regex }) => {
    const result = await talk(behave, keys ?? expectGreeting, reason === 'timeout' ? 0.5 : ampleSeconds)
    expect(result).toMatchObject({
      success: false,
      failure: { reason, message: expect.stringMatching(message) },
    })
    expect(result.dialogue?.failedDueToRegex ?? false).toBe(regex ?? false)
    expect(result.durationSeconds).toBeLessThan(slackSeconds)
  })
})

describe('the TCP prober, where there is no connection', () => {
  it('tells that nobody listens', async () => {
    server = await startTalkServer(() => undefined)
    const { address } = server
    await server.stop()
    const result = await probe({ tcp: address })
    const target = aTarget({ check: checkOf('tcp', { tcp: address }) })
    expect(renderProbe({ target, result, timeoutSeconds: 3 })).not.toContain('probe_failed_due_to_regex')
    expect(result.failure).toEqual({
      reason: 'connect',
      message: `${address} refused the connection (ECONNREFUSED)`,
    })
    expect(result.resolve?.address).toBe('127.0.0.1')
  })

  it('tells that a name has no address', async () => {
    const lookup = (): Promise<string[]> => Promise.resolve([])
    const prober = createTcpProber({ lookup })
    const check = checkOf('tcp', { tcp: 'gone.example:25', ip_protocol: 'ip6', ip_protocol_fallback: false })
    const result = await runProbe(check, {
      timeoutSeconds: 1,
      probers: { tcp: () => Promise.resolve(prober) },
    })
    expect(result.failure).toEqual({ reason: 'dns', message: 'gone.example has no IPv6 address' })
  })

  it('measures a resolver that never answers', async () => {
    const prober = createTcpProber({ lookup: () => new Promise(() => undefined) })
    const check = checkOf('tcp', { tcp: 'slow.example:25' })
    const result = await runProbe(check, {
      timeoutSeconds: 0.2,
      probers: { tcp: () => Promise.resolve(prober) },
    })
    expect(result.failure).toEqual({
      reason: 'timeout',
      message: 'no answer within 0.2s while resolving slow.example',
    })
    expect(result.resolve!.durationSeconds).toBeGreaterThan(0.15)
  })

  it('does not connect to an address that is refused', async () => {
    server = await startTalkServer(() => undefined)
    const result = await runProbe(checkOf('tcp', { tcp: server.address }), {
      timeoutSeconds: 1,
      allowAddress: (address) => {
        throw new Error(`${address} is private`)
      },
    })
    expect(result.failure).toEqual({ reason: 'blocked', message: '127.0.0.1 is private' })
  })
})

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { chownSync, statSync, writeFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import pg from 'pg'
import type { FailureReason } from '../../../../src/net/failure.ts'
import type { ProbeResult } from '../../../../src/checks/result.ts'
import { runProbe } from '../../../../src/checks/run.ts'
import { createTcpProber } from '../../../../src/checks/tcp/probe.ts'
import { createCertificate, fingerprint } from '../../../support/certificates.ts'
import { checkOf } from '../../../support/checks.ts'
import { slackSeconds } from '../../../support/time/patience.ts'
import { startSmtpPeer } from '../../../support/servers/smtp-peer.ts'
import { describeWithPostgres, startPostgres, type TestPostgres } from '../../../support/programs/postgres.ts'
import { script, startTalkServer, upgrade, type TalkServer } from '../../../support/servers/talk-server.ts'
import { waitFor } from '../../../support/time/wait-for.ts'

const authority = createCertificate({ name: 'Test authority', isAuthority: true })
const certificate = createCertificate({ name: 'here', ip: ['127.0.0.1'], issuer: authority })
const stranger = createCertificate({ name: 'there', dns: ['there.example'] })
const probeTcp = createTcpProber({ authorities: [authority.cert] })

let server: TalkServer | undefined
afterEach(async () => {
  await server?.stop()
})

type Keys = Readonly<Record<string, unknown>>

async function probe(keys: Keys, timeoutSeconds = 3): Promise<ProbeResult> {
  return runProbe(checkOf('tcp', keys), { timeoutSeconds, probers: { tcp: () => Promise.resolve(probeTcp) } })
}

async function talk(
  starttls: string,
  onConnection: (socket: Socket) => void,
  keys: Keys = {},
): Promise<ProbeResult> {
  server = await startTalkServer(onConnection)
  const result = await probe({ tcp: server.address, starttls, ...keys }, 0.5)
  await waitFor('the probe to leave no connection behind', () => server?.connections() === 0)
  return result
}

type Broken = readonly [
  onConnection: (socket: Socket) => void,
  reason: FailureReason,
  message: RegExp | string,
]

/** Says the same about every one of them: the reason, the words, in time. */
function itTells(starttls: string, cases: Readonly<Record<string, Broken>>): void {
  it.each(Object.entries(cases))('tells one that %s', async (_name, [onConnection, reason, message]) => {
    const result = await talk(starttls, onConnection)
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

describe('STARTTLS with an SMTP server', () => {
  it('works with a real one, over which the dialogue goes on', async () => {
    const mail = await startSmtpPeer({ ...certificate, disabledCommands: ['AUTH'], authOptional: true })
    const result = await probe({
      tcp: `127.0.0.1:${mail.port}`,
      starttls: 'smtp',
      dialogue: [{ send: 'EHLO probity\r' }, { expect: '^250 ' }, { send: 'QUIT\r' }, { expect: '^221' }],
    })
    expect(result).toMatchObject({ success: true, tls: { verified: true } })
    expect(result.tls!.chain[0]!.fingerprintSha256).toBe(fingerprint(certificate.cert))
    expect(Object.keys(result.phases!)).toEqual(['resolve', 'connect', 'tls'])
  })

  it('tells a real one that has it switched off', async () => {
    const mail = await startSmtpPeer()
    const result = await probe({ tcp: `127.0.0.1:${mail.port}`, starttls: 'smtp' })
    expect(result.failure).toEqual({ reason: 'tls', message: 'the mail server does not offer STARTTLS' })
  })

  it('tells a certificate of a real one that is not valid, and its facts', async () => {
    const mail = await startSmtpPeer({ ...stranger, disabledCommands: [] })
    const result = await probe({ tcp: `127.0.0.1:${mail.port}`, starttls: 'smtp' })
    expect(result).toMatchObject({
      failure: { reason: 'certificate', message: 'the certificate of 127.0.0.1 is self-signed' },
      tls: { verified: false, chain: [{ subject: 'CN=there' }] },
    })
  })

  const offer = { 'EHLO probity': '250-here\r\n250 STARTTLS\r\n' }
  itTells('smtp', {
    'is too busy': [
      script('421 4.3.2 try later\r\n'),
      'status',
      'expected 220 as its greeting, got "421 4.3.2 try later"',
    ],
    'does not like EHLO': [
      script('220 x\r\n', { 'EHLO probity': '502 no\r\n' }),
      'status',
      'expected 250 to EHLO, got "502 no"',
    ],
    'refuses in the end': [
      script('220-a\r\n220 b\r\n', { ...offer, STARTTLS: '454 \u001b[31mTLS\u0007 not available\r\n' }),
      'status',
      'expected 220 to STARTTLS, got "454 TLS not available"',
    ],
    'is not a mail server': [
      script('SSH-2.0-x\r\n'),
      'protocol',
      'expected a reply with a code, got "SSH-2.0-x"',
    ],
    'goes after its greeting': [
      (socket) => socket.resume().end('220 hi\r\n'),
      'protocol',
      'the server closed the connection before a reply',
    ],
    'goes at once': [(socket) => socket.end(), 'connect', 'the server closed the connection before a reply'],
    'never ends its reply': [
      script(`220 x\r\n`, { 'EHLO probity': '250-more\r\n'.repeat(1000) }),
      'size',
      'a reply of the server has more than 200 lines',
    ],
    'says nothing': [
      (socket) => socket.resume(),
      'timeout',
      'no answer within 0.5s while asking for TLS over smtp',
    ],
    'slips a command in before TLS': [
      script('220 x\r\n', { ...offer, STARTTLS: upgrade('220 go\r\n250 evil\r\n', certificate) }),
      'protocol',
      /^the server sent data before TLS began/,
    ],
    'goes on without TLS': [
      script('220 x\r\n', {
        ...offer,
        STARTTLS: (socket) => {
          socket.write('220 go\r\n')
          socket.on('data', () => socket.write('500 what?\r\n'))
        },
      }),
      'tls',
      'no TLS handshake with 127.0.0.1: the port does not speak TLS',
    ],
  })
})

describe('STARTTLS with an IMAP server', () => {
  const secured = script('', { 'b NOOP': 'b OK\r\n' })

  it('works, over which the dialogue goes on', async () => {
    const result = await talk(
      'imap',
      script('* OK ready\r\n', { 'a1 STARTTLS': upgrade('* NOTE\r\na1 OK begin\r\n', certificate, secured) }),
      { dialogue: [{ send: 'b NOOP\r' }, { expect: '^b OK' }] },
    )
    expect(result).toMatchObject({ success: true, tls: { verified: true } })
  })

  itTells('imap', {
    'has none': [
      script('* OK\r\n', { 'a1 STARTTLS': 'a1 BAD unknown command\r\n' }),
      'tls',
      'the IMAP server does not offer STARTTLS: "a1 BAD unknown command"',
    ],
    'lets everybody in': [script('* PREAUTH welcome\r\n'), 'tls', /PREAUTH/],
    'turns away': [
      script('* BYE overloaded\r\n'),
      'protocol',
      'expected "* OK" as its greeting, got "* BYE overloaded"',
    ],
    'answers nonsense': [
      script('* OK\r\n', { 'a1 STARTTLS': 'b2 OK\r\n' }),
      'protocol',
      'expected "a1 OK" to STARTTLS, got "b2 OK"',
    ],
    'chatters without end': [
      script('* OK\r\n', { 'a1 STARTTLS': '* x\r\n'.repeat(500) }),
      'size',
      /more than 200 lines/,
    ],
    'goes instead of an answer': [
      script('* OK\r\n', { 'a1 STARTTLS': (socket) => socket.end() }),
      'protocol',
      'the server closed the connection before its answer to STARTTLS',
    ],
  })
})

describe('STARTTLS with an FTP server', () => {
  it('works, over which the dialogue goes on', async () => {
    const secured = script('', { 'USER anonymous': '331 password?\r\n' })
    const result = await talk(
      'ftp',
      script('220-Welcome\r\n here\r\n220 ready\r\n', {
        'AUTH TLS': upgrade('234 go\r\n', certificate, secured),
      }),
      { dialogue: [{ send: 'USER anonymous\r' }, { expect: '^331' }] },
    )
    expect(result).toMatchObject({ success: true, tls: { verified: true } })
  })

  itTells('ftp', {
    'has none': [
      script('220 x\r\n', { 'AUTH TLS': '502 not implemented\r\n' }),
      'tls',
      'the FTP server does not offer TLS: "502 not implemented"',
    ],
    'has no room': [script('421 too many\r\n'), 'status', 'expected 220 as its greeting, got "421 too many"'],
    'cannot do it now': [
      script('220 x\r\n', { 'AUTH TLS': '431 later\r\n' }),
      'status',
      'expected 234 to AUTH TLS, got "431 later"',
    ],
    'is not an FTP server': [
      script('+OK POP3\r\n'),
      'protocol',
      'expected a reply with a code, got "+OK POP3"',
    ],
    'resets the connection': [
      script('220 x\r\n', { 'AUTH TLS': (socket) => socket.resetAndDestroy() }),
      'protocol',
      'the server reset the connection',
    ],
  })
})

describe('STARTTLS with something that is not PostgreSQL', () => {
  itTells('postgres', {
    'has no TLS': [(socket) => socket.once('data', () => socket.write('N')), 'tls', /its setting ssl is off/],
    'answers with an error': [
      (socket) => socket.once('data', () => socket.write('Emessage')),
      'status',
      'PostgreSQL answered the request for TLS with an error',
    ],
    'is something else': [
      (socket) => socket.once('data', () => socket.write('HTTP/1.1 400')),
      'protocol',
      'expected S or N to the request for TLS, got "H"',
    ],
    'goes instead of an answer': [
      (socket) => socket.once('data', () => socket.end()),
      'connect',
      'the server closed the connection before its answer to the request for TLS',
    ],
    'slips an error in before TLS': [
      (socket) => socket.once('data', () => socket.write('SEevil')),
      'protocol',
      /^the server sent data before TLS began/,
    ],
    'says nothing': [(socket) => socket.resume(), 'timeout', /while asking for TLS over postgres$/],
  })
})

describeWithPostgres('STARTTLS with PostgreSQL', () => {
  let postgres: TestPostgres
  beforeAll(async () => {
    postgres = await startPostgres()
  })
  afterAll(() => postgres.stop())

  const check = (): Keys => ({ tcp: new URL(postgres.url).host, starttls: 'postgres' })

  it('tells that it is switched off, and verifies the certificate once it is on', async () => {
    expect((await probe(check())).failure).toEqual({
      reason: 'tls',
      message: 'PostgreSQL does not offer TLS: its setting ssl is off',
    })
    await switchOn(postgres.url)
    const result = await waitFor('TLS to be switched on', async () => {
      const probed = await probe(check())
      return probed.failure?.reason === 'tls' ? undefined : probed
    })
    expect(result).toMatchObject({ success: true, tls: { verified: true } })
    expect(result.tls!.chain[0]!.fingerprintSha256).toBe(fingerprint(certificate.cert))
  })
})

async function switchOn(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ data_directory: string }>('show data_directory')
  const folder = rows[0]!.data_directory
  const { uid, gid } = statSync(folder)
  for (const [name, text] of [
    ['server.crt', certificate.cert],
    ['server.key', certificate.key],
  ] as const) {
    const path = join(folder, name)
    writeFileSync(path, text, { mode: 0o600 })
    chownSync(path, uid, gid)
  }
  await client.query('alter system set ssl = on')
  await client.query('select pg_reload_conf()')
  await client.end()
}

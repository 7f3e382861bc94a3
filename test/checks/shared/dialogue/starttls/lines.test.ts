import { describe, expect, it } from 'vitest'
import { createCertificate, fingerprint } from '../../../../support/certificates.ts'
import { startSmtpPeer } from '../../../../support/servers/smtp-peer.ts'
import { script, upgrade } from '../../../../support/servers/talk-server.ts'
import { certificate, itTells, probe, talk } from './support.ts'

const stranger = createCertificate({ name: 'there', dns: ['there.example'] })

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

describe('STARTTLS with a POP3 server', () => {
  it('works, over which the dialogue goes on', async () => {
    const secured = script('', { CAPA: '+OK\r\nTOP\r\n.\r\n' })
    const result = await talk(
      'pop3',
      script('+OK ready\r\n', { STLS: upgrade('+OK begin\r\n', certificate, secured) }),
      {
        dialogue: [{ send: 'CAPA\r' }, { expect: '^\\.$' }],
      },
    )
    expect(result).toMatchObject({ success: true, tls: { verified: true } })
  })

  itTells('pop3', {
    'has none': [
      script('+OK\r\n', { STLS: '-ERR unknown command\r\n' }),
      'tls',
      'the POP3 server does not offer STLS: "-ERR unknown command"',
    ],
    'turns away': [
      script('-ERR too many connections\r\n'),
      'status',
      'expected +OK as its greeting, got "-ERR too many connections"',
    ],
    'is something else': [
      script('* OK IMAP\r\n'),
      'protocol',
      'expected "+OK" as its greeting, got "* OK IMAP"',
    ],
    'answers nonsense': [
      script('+OK\r\n', { STLS: 'what?\r\n' }),
      'protocol',
      'expected "+OK" to STLS, got "what?"',
    ],
    'goes instead of an answer': [
      script('+OK\r\n', { STLS: (socket) => socket.end() }),
      'protocol',
      'the server closed the connection before its answer to STLS',
    ],
    'slips an answer in before TLS': [
      script('+OK\r\n', { STLS: upgrade('+OK\r\n+OK evil\r\n', certificate) }),
      'protocol',
      /^the server sent data before TLS began/,
    ],
  })
})

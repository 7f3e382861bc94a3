import { describe, expect, it } from 'vitest'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { once } from 'node:events'
import { createEmailChannel, emailSettings } from '../../../src/channels/email/email.ts'
import type { Channel } from '../../../src/channels/channel.ts'
import { aNotification } from '../../support/alerts/alerts.ts'
import { channelDependencies, failureOf } from '../../support/alerts/channels.ts'
import {
  firing,
  hostileNotification,
  hostileTexts,
  recovered,
  testMessage,
} from '../../support/alerts/notifications.ts'
import {
  smtpPassword,
  smtpUser,
  startSmtpPeer,
  type SmtpPeer,
  type TakenMail,
} from '../../support/servers/smtp-peer.ts'

const { signal } = new AbortController()

function channelTo(port: number, overrides: Record<string, unknown> = {}, timeoutMs = 5000): Channel {
  const settings = emailSettings.parse({
    type: 'email',
    from: 'Probity <probity@example.org>',
    to: 'ops@example.com, Oncall <oncall@example.com>',
    smtp_host: '127.0.0.1',
    smtp_port: port,
    smtp_user: smtpUser,
    smtp_password: smtpPassword,
    tls: 'none',
    ...overrides,
  })
  return createEmailChannel(settings, channelDependencies({ timeoutMs }))
}

const header = (mail: TakenMail | undefined, name: string): string | undefined =>
  mail?.headers.get(name)?.join(' AND ')

describe('a mail', () => {
  it('says it in text and in HTML', async () => {
    const peer = await startSmtpPeer()
    await channelTo(peer.port).deliver(firing, signal)
    const [mail] = peer.mails
    expect(mail).toMatchObject({
      from: 'probity@example.org',
      to: ['ops@example.com', 'oncall@example.com'],
      user: smtpUser,
      secure: false,
    })
    const title =
      'CRITICAL: shop has failed every check for 1m30s, expected less than 1m15s, reason: status (expected 2xx, got 503)'
    expect(header(mail, 'subject')).toBe(title)
    expect(header(mail, 'from')).toBe('Probity <probity@example.org>')
    expect(header(mail, 'to')).toBe('ops@example.com, Oncall <oncall@example.com>')
    expect(header(mail, 'date')).toBe('Fri, 20 Nov 2026 12:00:00 +0000')
    expect(header(mail, 'auto-submitted')).toBe('auto-generated')
    const text = mail?.parts.get('text/plain')
    expect(text?.startsWith(`${title}\n\n`)).toBe(true)
    expect(text).toContain('Runbook:       https://wiki.example.com/shop?a=1&b=2')
    const html = mail?.parts.get('text/html')
    expect(html).toContain('<a href="https://wiki.example.com/shop?a=1&amp;b=2">Runbook</a>')
    expect(html).toContain(
      '<pre style="background:#eee;padding:.5em">HTTP 503 Service Unavailable\nretry later</pre>',
    )
  })

  it('of the end of an alert stands in the thread of its beginning', async () => {
    const peer = await startSmtpPeer()
    const channel = channelTo(peer.port)
    await channel.deliver({ ...firing, alertCount: 1 }, signal)
    await channel.deliver({ ...firing, alertCount: 2 }, signal)
    await channel.deliver(recovered, signal)
    await channel.deliver({ ...firing, alertCount: 1, startsAt: new Date(1) }, signal)
    const ids = peer.mails.map((mail) => header(mail, 'message-id'))
    expect(new Set(ids).size).toBe(4)
    for (const id of ids) expect(id).toMatch(/^<probity\.[\w.]+@example\.org>$/)
    for (const name of ['references', 'in-reply-to']) {
      expect(peer.mails.map((mail) => header(mail, name))).toEqual([undefined, ids[0], ids[0], undefined])
    }
  })

  it('that is sent again can be recognized; one of a test never', async () => {
    const peer = await startSmtpPeer()
    const channel = channelTo(peer.port)
    for (const notification of [firing, firing, testMessage, testMessage])
      await channel.deliver(notification, signal)
    const [first, again, test, otherTest] = peer.mails.map((mail) => header(mail, 'message-id'))
    expect(again).toBe(first)
    expect(otherTest).not.toBe(test)
  })

  it.each(Object.entries(hostileTexts))(
    'has no header and no markup of a stranger when an alert holds %s',
    async (_name, text) => {
      const peer = await startSmtpPeer()
      await channelTo(peer.port).deliver(
        { ...hostileNotification(text), fingerprint: text.slice(0, 64) },
        signal,
      )
      const mail = peer.mails[0]!
      expect([...mail.headers.keys()].sort()).toEqual(
        [
          ...['auto-submitted', 'content-type', 'date', 'from', 'in-reply-to', 'message-id', 'mime-version'],
          ...['references', 'subject', 'to', 'x-auto-response-suppress'],
        ].filter((name) => name !== 'in-reply-to' && name !== 'references'),
      )
      for (const values of mail.headers.values()) expect(values).toHaveLength(1)
      expect(header(mail, 'subject')!.length).toBeLessThanOrEqual(200)
      expect(mail.to).toEqual(['ops@example.com', 'oncall@example.com'])
      const html = mail.parts.get('text/html') ?? ''
      const tags = new Set(html.match(/<\/?[a-z0-9!]+/gi))
      const known = 'doctype html head meta body h2 p table tr th td a pre'.split(' ')
      for (const tag of tags) expect(known).toContain(tag.replace(/^<[/!]?/, ''))
      for (const [link] of html.matchAll(/href="[^"]*"/g))
        expect(link).toMatch(/^href="https:\/\/wiki\.example\.com\//)
      expect(Buffer.byteLength(mail.raw)).toBeLessThan(100_000)
    },
  )

  it('is not refused for a line that is too long', async () => {
    const peer = await startSmtpPeer()
    await channelTo(peer.port).deliver(aNotification({ lastOutput: 'ü'.repeat(5000) }), signal)
    for (const line of peer.mails[0]!.raw.split('\r\n'))
      expect(Buffer.byteLength(line)).toBeLessThanOrEqual(998)
  })
})

describe('the e-mail channel', () => {
  it.each([421, 450, 451, 452])('asks for a retry after %d, which succeeds', async (code) => {
    const peer = await startSmtpPeer()
    const channel = channelTo(peer.port)
    peer.replies.push(code)
    const error = await failureOf(channel.deliver(firing, signal))
    expect(error).toMatchObject({
      name: 'DeliveryError',
      retry: true,
      message: expect.stringContaining(String(code)),
    })
    await channel.deliver(firing, signal)
    expect(peer.mails).toHaveLength(1)
  })

  it.each([550, 552, 554])('asks for no retry after %d, and shows the answer', async (code) => {
    const peer = await startSmtpPeer()
    peer.replies.push(code)
    const error = await failureOf(channelTo(peer.port).deliver(firing, signal))
    expect(error).toMatchObject({
      retry: false,
      message: expect.stringMatching(new RegExp(`${code} not this one`)),
    })
  })

  it('can be sent to one of the recipients, and shows them all', async () => {
    const peer = await startSmtpPeer()
    const channel = channelTo(peer.port)
    expect(channel.recipients).toEqual(['ops@example.com', 'Oncall <oncall@example.com>'])
    peer.refusals.set('oncall@example.com', [451])
    for (const recipient of channel.recipients!)
      await channel.deliver(firing, signal, recipient).catch((error: unknown) => {
        expect(error).toMatchObject({
          retry: true,
          message: 'e-mail: refused for oncall@example.com: 451 refused oncall@example.com',
        })
      })
    await channel.deliver(firing, signal, 'Oncall <oncall@example.com>')
    expect(peer.mails.map(({ to }) => to)).toEqual([['ops@example.com'], ['oncall@example.com']])
    expect(header(peer.mails[1], 'to')).toBe('ops@example.com, Oncall <oncall@example.com>')
  })

  it('reaches the others where one address is refused for good', async () => {
    const peer = await startSmtpPeer()
    peer.refusals.set('ops@example.com', [550])
    const error = await failureOf(channelTo(peer.port).deliver(firing, signal))
    expect(error).toMatchObject({ retry: false, message: expect.stringContaining('ops@example.com: 550') })
    expect(peer.mails.map(({ to }) => to)).toEqual([['oncall@example.com']])
  })

  it.each<[string, number[], boolean]>([
    ['for good', [550, 550], false],
    ['for now', [450, 550], true],
  ])(
    'says whether a retry makes sense when everybody is refused %s',
    async (_how, [first, second], retry) => {
      const peer = await startSmtpPeer()
      peer.refusals.set('ops@example.com', [first!]).set('oncall@example.com', [second!])
      const error = await failureOf(channelTo(peer.port).deliver(firing, signal))
      expect(error).toMatchObject({ retry })
    },
  )

  it('asks for no retry when the password is wrong, and does not show it', async () => {
    const peer = await startSmtpPeer()
    const wrong = 'wr0ng-p4ssword'
    const error = await failureOf(channelTo(peer.port, { smtp_password: wrong }).deliver(firing, signal))
    expect(error).toMatchObject({ retry: false, message: expect.stringMatching(/535 .*<secret>/) })
    expect(JSON.stringify(error) + String((error as Error).stack)).not.toContain(wrong)
  })

  it('asks for a retry while no server answers', async () => {
    const peer = await startSmtpPeer()
    await peer.stop()
    const error = await failureOf(channelTo(peer.port).deliver(firing, signal))
    expect(error).toMatchObject({ retry: true, message: expect.stringContaining('ECONNREFUSED') })
  })

  it.each<[string, (socket: Socket) => void]>([
    ['says nothing', () => undefined],
    [
      'says a little all the time',
      (socket) => {
        const timer = setInterval(() => socket.write('220-'), 20)
        socket.on('close', () => {
          clearInterval(timer)
        })
      },
    ],
  ])('waits for a server that %s no longer than it may', async (_what, behave) => {
    const sockets = new Set<Socket>()
    const server = createServer((socket) => {
      sockets.add(socket.on('error', () => undefined))
      behave(socket)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const error = await failureOf(channelTo(port, {}, 300).deliver(firing, signal))
    expect(error).toMatchObject({ retry: true, message: expect.stringMatching(/^e-mail: /) })
    for (const socket of sockets) socket.destroy()
    server.close()
  })

  it('gives up when its caller does', async () => {
    const peer = await startSmtpPeer()
    await expect(channelTo(peer.port).deliver(firing, AbortSignal.abort())).rejects.toThrow('aborted')
    expect(peer.mails).toEqual([])
  })
})

describe('TLS to the mail server', () => {
  const startTlsPeer = (): Promise<SmtpPeer> =>
    startSmtpPeer({ allowInsecureAuth: false, disabledCommands: [] })

  it('begins with STARTTLS, and the certificate must be valid', async () => {
    const peer = await startTlsPeer()
    const error = await failureOf(channelTo(peer.port, { tls: 'starttls' }).deliver(firing, signal))
    expect((error as Error).message).toMatch(/certificate/)
    expect(peer.mails).toEqual([])
    await channelTo(peer.port, { tls: 'starttls', tls_verify: false }).deliver(firing, signal)
    expect(peer.mails).toMatchObject([{ secure: true, user: smtpUser }])
  })

  it('is there from the first byte where it is implicit', async () => {
    const peer = await startSmtpPeer({ secure: true })
    await channelTo(peer.port, { tls: 'implicit', tls_verify: false }).deliver(firing, signal)
    expect(peer.mails).toMatchObject([{ secure: true }])
  })

  it.each([
    ['starttls', 'does not answer it', 'write tls: none at this channel in notify.yml, or tls: implicit'],
    ['implicit', 'does not begin with it', 'write tls: starttls at this channel in notify.yml, or tls: none'],
  ] as const)('is set otherwise where a server %s %s', async (tls, _what, advice) => {
    // Greets and answers EHLO, and nothing else, as a server behind a filter does.
    const server = createServer((socket) => {
      socket.on('error', () => undefined).write('220 mail\r\n')
      socket.once('data', () => socket.write('250 mail\r\n'))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const error = await failureOf(channelTo(port, { tls }, 300).deliver(firing, signal))
    expect((error as Error).message).toContain(advice)
    server.close()
  })

  it('is required: the password does not go out without', async () => {
    const peer = await startSmtpPeer()
    const error = await failureOf(channelTo(peer.port, { tls: 'starttls' }).deliver(firing, signal))
    expect(error).toMatchObject({ retry: false, message: expect.stringContaining('STARTTLS') })
    expect(peer.passwords).toEqual([])
  })
})

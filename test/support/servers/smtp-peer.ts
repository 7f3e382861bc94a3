import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { readMail, type ReadMail } from './mail.ts'
import { atEnd } from '../at-end.ts'

/** A mail that the server took. */
export interface TakenMail extends ReadMail {
  readonly raw: string
  readonly from: string
  readonly to: readonly string[]
  readonly user: string | undefined
  readonly secure: boolean
}

export interface SmtpPeer {
  readonly port: number
  readonly mails: readonly TakenMail[]
  /** Passwords that were tried. */
  readonly passwords: readonly (string | null | undefined)[]
  /** What the recipients that are named here are answered with, each once. */
  readonly refusals: Map<string, number[]>
  /** What the next mails are answered with. */
  readonly replies: number[]
  readonly stop: () => Promise<void>
}

export const smtpUser = 'probity'
export const smtpPassword = 'p4ssw0rd-of-smtp'

/** A mail server that takes no mail before somebody has logged in. Its certificate is signed by itself. */
export async function startSmtpPeer(options: SMTPServerOptions = {}): Promise<SmtpPeer> {
  const mails: TakenMail[] = []
  const refusals = new Map<string, number[]>()
  const replies: number[] = []
  const passwords: (string | null | undefined)[] = []
  const server = new SMTPServer({
    logger: false,
    disableReverseLookup: true,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    authMethods: ['PLAIN'],
    onAuth: ({ username, password }, _session, done) => {
      passwords.push(password)
      if (username === smtpUser && password === smtpPassword) done(null, { user: username })
      else done(refusal(535, `no user ${username ?? ''} with the password ${password ?? ''}`))
    },
    onRcptTo: ({ address }, _session, done) => {
      const code = refusals.get(address)?.shift()
      done(code === undefined ? null : refusal(code, `refused ${address}`))
    },
    onData: (stream, session, done) => {
      const take = (raw: string): void => {
        const code = replies.shift()
        if (code !== undefined) {
          done(refusal(code, 'not this one'))
          return
        }
        const { mailFrom, rcptTo } = session.envelope
        mails.push({
          ...readMail(raw),
          raw,
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          user: session.user as string | undefined,
          secure: session.secure,
        })
        done(null)
      }
      // A sender that is stopped in the middle of a mail takes it away.
      text(stream).then(take, done)
    },
    ...options,
  })
  server.on('error', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(resolve)
    })
  const peer = { port, mails, passwords, refusals, replies, stop }
  atEnd(peer.stop)
  return peer
}

function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode })
}

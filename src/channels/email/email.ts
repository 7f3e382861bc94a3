import type { SendMailOptions } from 'nodemailer'
import type { NodemailerError } from 'nodemailer/lib/errors'
import { z } from 'zod'
import { flag, word } from '../../settings/values/scalars.ts'
import { keys } from '../../settings/values/value.ts'
import { withDeadline } from '../../lib/time/deadline.ts'
import { messageOf } from '../../lib/errors.ts'
import { redact } from '../../lib/text/redact.ts'
import { cut, oneLine } from '../../lib/text/text.ts'
import { DeliveryError, type Channel } from '../channel.ts'
import { defaultTimeoutMs, type ChannelDependencies } from '../dependencies.ts'
import { emailMessage } from './message.ts'
import { personalMail } from './personal.ts'
import { reportMail } from './report.ts'
import { listOf, matching, text, wholeNumber } from '../shared/settings.ts'

/** `ops@example.org` or `Operations <ops@example.org>`. */
const address = /^(?:[^<>@\r\n]*<)?[^\s<>@,;:"()]+@[^\s<>@,;:"()]+(?:>)?$/

export const emailSettings = keys({
  type: z.literal('email').describe('The kind of channel.'),
  from: matching('mail address', address).describe('The address of the sender.'),
  to: listOf('mail address', address).describe('The addresses of the recipients, one or a list.'),
  smtp_host: matching('host name', /^[\w.:-]+$/).describe('The mail server.'),
  smtp_port: wholeNumber(1, 65_535)
    .optional()
    .describe('Its port. Default: `587` with `starttls`, `465` with `implicit`, `25` with `none`.'),
  smtp_user: text.optional().describe('The name to log in with. Default: none, which means no login.'),
  smtp_password: text.optional().describe('Its password. Never shown.'),
  tls: word(['starttls', 'implicit', 'none'])
    .optional()
    .describe(
      'How TLS begins: `starttls` (then required), `implicit` (from the first byte) or `none`. Default: `implicit` on port 465, otherwise `starttls`.',
    ),
  tls_verify: flag.default(true).describe("Whether the server's certificate must be valid. Default: `true`."),
})

export type EmailSettings = z.infer<typeof emailSettings>

/** Sends mail through an SMTP server: text and HTML, with the messages of one alert in one thread. */
export function createEmailChannel(
  settings: EmailSettings,
  { name, clock, timeoutMs = defaultTimeoutMs, secrets = [] }: ChannelDependencies,
): Channel {
  const {
    smtp_user: user,
    smtp_password: pass,
    smtp_host: host,
    smtp_port: port,
    tls_verify: verify,
  } = settings
  const tls = settings.tls ?? (port === 465 ? 'implicit' : 'starttls')
  const transport = {
    host,
    port: port ?? { starttls: 587, implicit: 465, none: 25 }[tls],
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    tls: { rejectUnauthorized: verify },
    ...(user !== undefined && { auth: { user, pass: pass ?? '' } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  }
  const hidden = [...secrets, ...(pass === undefined ? [] : [pass, Buffer.from(pass).toString('base64')])]
  const { from, to } = settings

  async function send(
    mail: SendMailOptions,
    recipients: readonly string[],
    signal: AbortSignal,
  ): Promise<void> {
    // Loaded when it is needed: most installations send no mail.
    const { createTransport } = await import('nodemailer')
    const { rejectedErrors: refused = [] } = await createTransport(transport).sendMail({
      ...mail,
      envelope: { from, to: [...recipients] },
      date: new Date(clock.now()),
      signal,
    })
    if (refused.length > 0) throw refusal(refused)
  }

  async function deliver(mail: SendMailOptions, signal: AbortSignal, recipient?: string): Promise<void> {
    await withDeadline(signal, timeoutMs, async (deadline) => {
      try {
        await send(mail, recipient === undefined ? to : [recipient], deadline.signal)
      } catch (error) {
        signal.throwIfAborted()
        throw error instanceof DeliveryError ? error : failureOf(error, deadline.passed())
      }
    })
  }

  return {
    name,
    recipients: to,
    deliver: (notification, signal, recipient) =>
      deliver(emailMessage(notification, { from, to }), signal, recipient),
    sendReport: (report, signal, recipient) => deliver(reportMail(report, { from, to }), signal, recipient),
    sendMail: (mail, signal) => deliver(personalMail(mail, from), signal, mail.to),
  }

  /** Some of the recipients were refused, the others have it. */
  function refusal(errors: readonly NodemailerError[]): DeliveryError {
    const shown = errors.map(
      ({ recipient, response }) => `${recipient ?? '?'}: ${shorten(response ?? 'refused')}`,
    )
    return new DeliveryError(`e-mail: refused for ${shown.join('; ')}`, {
      retry: errors.some(({ permanent }) => permanent === false),
      isOfRecipient: true,
    })
  }

  /** What was refused for good would be so again; everything else may be over soon. */
  function failureOf(error: unknown, late: boolean): DeliveryError {
    const advice = adviceOn(tls, error, late)
    if (late)
      return new DeliveryError(`e-mail: not sent within ${timeoutMs / 1000} s${advice}`, { retry: true })
    const { permanent, code, rejectedErrors }: Partial<NodemailerError> = error instanceof Error ? error : {}
    if (rejectedErrors) return refusal(rejectedErrors)
    const retry = permanent === undefined ? !finalCodes.has(code ?? '') : !permanent
    return new DeliveryError(`e-mail: ${shorten(messageOf(error))}${advice}`, { retry })
  }

  function shorten(words: string): string {
    return redact(cut(oneLine(words), 300), hidden)
  }
}

/** How TLS begins is what is most often set wrong: a server refuses it, or waits forever. */
function adviceOn(tls: 'starttls' | 'implicit' | 'none', error: unknown, late: boolean): string {
  const message = messageOf(error)
  if (tls === 'starttls' && (late || /STARTTLS|closed unexpectedly/.test(message)))
    return '; if the server has no STARTTLS, write tls: none at this channel in notify.yml, or tls: implicit where TLS begins at once'
  if (tls === 'implicit' && (late || /wrong version number|packet length/.test(message)))
    return '; if TLS does not begin at once, write tls: starttls at this channel in notify.yml, or tls: none'
  return ''
}

/** Failures before the server has said anything about the mail, which no time mends. */
const finalCodes = new Set(['EAUTH', 'ENOAUTH', 'EENVELOPE', 'EMESSAGE', 'ECONFIG'])

import { createHash } from 'node:crypto'
import type { SendMailOptions } from 'nodemailer'
import type { PersonalMail } from '../channel.ts'
import { hostOf, notAnswered } from './message.ts'

/** A mail to one person: text and HTML. */
export function personalMail(mail: PersonalMail, from: string): SendMailOptions {
  const { id, to, subject, text, html, headers } = mail
  const number = createHash('sha256').update(id).digest('hex').slice(0, 32)
  return {
    from,
    // As an object, because an address as text could be read as a list.
    to: { name: '', address: to },
    subject,
    text,
    html,
    messageId: `<probity.page.${number}@${hostOf(from)}>`,
    headers: { ...notAnswered, ...headers },
  }
}

import { createHash } from 'node:crypto'
import type { SendMailOptions } from 'nodemailer'
import type { ReportMessage } from '../channel.ts'
import { hostOf, notAnswered, type EmailParties } from './message.ts'

/** The mail of a report: text and HTML, with its pictures within, which readers show without asking anybody for them. */
export function reportMail(report: ReportMessage, { from, to }: EmailParties): SendMailOptions {
  const { id, subject, text, html, pictures, url } = report
  // A mail server that has it already can drop the copy.
  const number = createHash('sha256').update(id).digest('hex').slice(0, 32)
  return {
    from,
    to: [...to],
    subject,
    text: url === undefined ? text : `${text}\nThe whole report: ${url}\n`,
    html,
    attachments: pictures.map(({ cid, base64 }, index) => ({
      cid,
      content: Buffer.from(base64, 'base64'),
      contentType: 'image/png',
      contentDisposition: 'inline',
      filename: `chart-${index + 1}.png`,
    })),
    messageId: `<probity.report.${number}@${hostOf(from)}>`,
    headers: notAnswered,
  }
}

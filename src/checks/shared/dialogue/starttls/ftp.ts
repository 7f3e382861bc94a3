import type { Wire } from '../wire.ts'
import { expectReply, readReply } from './lines.ts'
import { noOffer, unexpected } from './refusals.ts'

/** RFC 4217. */
export async function ftp(wire: Wire): Promise<void> {
  await expectReply(wire, '220', 'as its greeting')
  await wire.send('AUTH TLS\r\n')
  const { code, lines } = await readReply(wire)
  if (/^5(?:0[0-4]|3\d)$/.test(code)) {
    throw noOffer('the FTP server does not offer TLS', [code, lines.at(-1)].join(' '))
  }
  if (code !== '234') throw unexpected('234', 'to AUTH TLS', [code, ...lines].join(' '))
}

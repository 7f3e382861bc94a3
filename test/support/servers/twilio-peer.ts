import { startHttpPeer, type HttpPeer, type Received, type Reply } from './http-peer.ts'

export const accountSid = 'AC0123456789abcdef0123456789abcdef'
export const authToken = 'fedcba9876543210fedcba9876543210'

/** 3GPP TS 23.038: the letters that cost one of 160, and those that cost two. */
const letters =
  /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\[~\]|€]*$/
const double = /[\f^{}\\[~\]|€]/g

/** How many messages a text becomes; nothing where it takes another alphabet. */
export function segmentsOf(text: string): number | undefined {
  if (!letters.test(text)) return undefined
  const size = text.length + (text.match(double)?.length ?? 0)
  return size <= 160 ? 1 : Math.ceil(size / 153)
}

export function startTwilioPeer(): Promise<HttpPeer> {
  return startHttpPeer(judge)
}

function judge({ method, path, headers, body }: Received): Reply {
  if (method !== 'POST' || path !== `/2010-04-01/Accounts/${accountSid}/Messages.json`) return { status: 404 }
  const expected = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`
  if (headers.authorization !== expected) return refusal(401, 20003, 'Authenticate')
  if (headers['content-type'] !== 'application/x-www-form-urlencoded')
    return refusal(415, 20001, 'content type')
  const form = new URLSearchParams(body)
  const unknown = [...form.keys()].filter(
    (name) => !['To', 'From', 'MessagingServiceSid', 'Body'].includes(name),
  )
  if (unknown.length > 0) return refusal(400, 20001, `unknown parameter ${unknown.join()}`)
  if (form.has('From') === form.has('MessagingServiceSid')) return refusal(400, 21603, 'A sender is required')
  const to = form.get('To') ?? ''
  if (!/^\+[1-9]\d{6,14}$/.test(to) || to.endsWith('000')) {
    return refusal(400, 21211, `The 'To' number ${to} is not a valid phone number.`)
  }
  const text = form.get('Body') ?? ''
  if (text === '') return refusal(400, 21602, 'Message body is required')
  if (segmentsOf(text) !== 1)
    return refusal(400, 21617, 'the test takes one message in the GSM alphabet only')
  return { status: 201, body: JSON.stringify({ sid: `SM${'0'.repeat(32)}`, status: 'queued' }) }
}

function refusal(status: number, code: number, message: string): Reply {
  return { status, body: JSON.stringify({ code, message, more_info: 'https://www.twilio.com/docs', status }) }
}

import { html } from '../../../../lib/text/html.ts'
import { ProbeFailure } from '../../../../net/failure.ts'
import type { Wire } from '../wire.ts'
import { endlessReply, maxReplyLines } from './lines.ts'
import { closed, noProtocol, quote } from './refusals.ts'

const tlsNamespace = 'urn:ietf:params:xml:ns:xmpp-tls'

/** What a server may say in place of everything else: RFC 6120, section 4.9. */
const streamError = /<(?:\w+:)?error\b[^<>]*>\s*<([\w-]+)/

/** The end of what a server offers: RFC 6120, section 4.3.2. */
const features = /<\/(?:\w+:)?features\s*>|<(?:\w+:)?features\b[^<>]*\/>/
const offer = /<starttls\b/

/** Its answer: RFC 6120, section 5.4.2. */
const proceed = /<proceed\b[^<>]*(?:\/>|>\s*<\/proceed\s*>)/
const failure = /<failure\b/

/**
 * RFC 6120, section 5.4.
 *
 * @param domain The one that the server is asked to speak for.
 */
export async function xmpp(wire: Wire, domain: string): Promise<void> {
  const open = html`<stream:stream to="${domain}" version="1.0" xmlns="jabber:client" xmlns:stream="http://etherx.jabber.org/streams">`
  await wire.send(`<?xml version="1.0"?>${open.markup}`)
  const offered = await readUntil(wire, features, 'what it offers')
  if (!offer.test(offered)) throw new ProbeFailure('tls', 'the XMPP server does not offer STARTTLS')
  await wire.send(`<starttls xmlns="${tlsNamespace}"/>`)
  const answer = await readUntil(
    wire,
    new RegExp(`${proceed.source}|${failure.source}`),
    'its answer to <starttls/>',
  )
  const [agreed] = proceed.exec(answer) ?? []
  if (agreed === undefined)
    throw new ProbeFailure('tls', 'the XMPP server cannot begin TLS: it answered with <failure/>')
  if (!answer.trimEnd().endsWith(agreed)) {
    throw new ProbeFailure('protocol', 'the server sent data before TLS began')
  }
}

/** Reads until a pattern has come; ends of lines mean nothing here. */
async function readUntil(wire: Wire, pattern: RegExp, what: string): Promise<string> {
  let before = ''
  const isEnough = (text: string): boolean => pattern.test(before + text) || streamError.test(before + text)
  for (let count = 0; count < maxReplyLines; count++) {
    const piece = await wire.line({ isEnough, atOnce: true })
    if (piece === undefined) throw closed(what, wire)
    before += `${piece}\n`
    const [, condition] = streamError.exec(before) ?? []
    if (condition !== undefined)
      throw new ProbeFailure('status', `the XMPP server refuses the stream: ${quote(condition)}`)
    if (pattern.test(before)) return before
    if (count === 0 && !/^\s*</.test(before)) throw noProtocol('XML', before)
  }
  throw endlessReply()
}

import { describe, expect, it } from 'vitest'
import type { Socket } from 'node:net'
import { script, upgrade } from '../../../../support/servers/talk-server.ts'
import { certificate, itTells, talk } from './support.ts'

const stream =
  "<?xml version='1.0'?><stream:stream from='x' version='1.0' xmlns:stream='http://etherx.jabber.org/streams'>"
const offer =
  "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls><mechanisms/></stream:features>"
const proceed = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"

/** Answers each of the two elements that a client sends, however they arrive. */
function server(
  onStream: string | ((socket: Socket) => void),
  onStartTls: string | ((socket: Socket) => void) = '',
  heard: string[] = [],
): (socket: Socket) => void {
  return (socket) => {
    let text = ''
    const rest = [onStream, onStartTls]
    const ends = [/<stream:stream [^>]*>$/, /<starttls [^>]*\/>$/]
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      if (ends[0]?.test(text) !== true) return
      ends.shift()
      heard.push(text)
      text = ''
      const answer = rest.shift()
      if (typeof answer === 'string') socket.write(answer)
      else answer?.(socket)
    })
  }
}

describe('STARTTLS with an XMPP server', () => {
  it.each([
    ['in one piece', (socket: Socket) => socket.write(stream + offer)],
    ['on several lines', (socket: Socket) => socket.write(`${stream}\n${offer.replaceAll('><', '>\n<')}\n`)],
    [
      'byte by byte',
      (socket: Socket) => {
        for (const byte of stream + offer) socket.write(byte)
      },
    ],
  ])('works with features %s, over which the dialogue goes on', async (_name, onStream) => {
    const heard: string[] = []
    const secured = script('', { hi: 'ho\n' })
    const result = await talk('xmpp', server(onStream, upgrade(proceed, certificate, secured), heard), {
      tls: { server_name: 'chat.example', verify: false },
      dialogue: [{ send: 'hi' }, { expect: '^ho' }],
    })
    expect(result).toMatchObject({ success: true, tls: { verified: false } })
    expect(heard).toEqual([
      '<?xml version="1.0"?><stream:stream to="chat.example" version="1.0" xmlns="jabber:client" xmlns:stream="http://etherx.jabber.org/streams">',
      '<starttls xmlns="urn:ietf:params:xml:ns:xmpp-tls"/>',
    ])
  })

  itTells('xmpp', {
    'has none': [
      server(`${stream}<stream:features><mechanisms/></stream:features>`),
      'tls',
      'the XMPP server does not offer STARTTLS',
    ],
    'offers nothing at all': [
      server(`${stream}<stream:features/>`),
      'tls',
      'the XMPP server does not offer STARTTLS',
    ],
    'serves other domains': [
      server(
        `${stream}<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>`,
      ),
      'status',
      'the XMPP server refuses the stream: "host-unknown"',
    ],
    'refuses in the end': [
      server(stream + offer, "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:stream>"),
      'tls',
      'the XMPP server cannot begin TLS: it answered with <failure/>',
    ],
    'is something else': [
      server('HTTP/1.1 400 Bad Request\r\n\r\n'),
      'protocol',
      'expected XML, got "HTTP/1.1 400 Bad Request"',
    ],
    'goes instead of an answer': [
      server(stream + offer, (socket) => socket.end()),
      'protocol',
      'the server closed the connection before its answer to <starttls/>',
    ],
    'slips an element in before TLS': [
      server(stream + offer, upgrade(`${proceed}<evil/>`, certificate)),
      'protocol',
      /^the server sent data before TLS began/,
    ],
    'never ends what it offers': [
      server(`${stream}\n${'<x/>\n'.repeat(500)}`),
      'size',
      /more than 200 lines/,
    ],
    'says nothing': [(socket) => socket.resume(), 'timeout', /while asking for TLS over xmpp$/],
  })
})

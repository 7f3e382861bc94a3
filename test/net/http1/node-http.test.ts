import { afterAll, expect, it } from 'vitest'
import fc from 'fast-check'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { bytesOf, read } from './support.ts'

let answer = bytesOf('')
const server = createServer((socket) => {
  socket.on('error', () => undefined).once('data', () => socket.end(answer))
}).listen(0, '127.0.0.1')
await once(server, 'listening')
const { port } = server.address() as AddressInfo

afterAll(() => {
  server.close()
})

const visible = fc.string({ unit: fc.constantFrom(...Array.from('abcXYZ019;,="/ \t\xe9\xff')) })
const header = fc.tuple(fc.stringMatching(/^X-[A-Za-z0-9!#$%&'*+.^_`|~-]{0,10}$/), visible)
const body = fc.string({ unit: 'binary-ascii', maxLength: 200 })

const framings: Readonly<Record<string, (body: string) => string>> = {
  length: (text) => `Content-Length: ${text.length}\r\n\r\n${text}`,
  connection: (text) => `\r\n${text}`,
  chunks: (text) => {
    const chunks = (text.match(/[^]{1,17}/g) ?? []).map(
      (data) => `${data.length.toString(16)};a=b\r\n${data}\r\n`,
    )
    return `Transfer-Encoding: chunked\r\n\r\n${chunks.join('')}0\r\nX-Trailer: c\r\n\r\n`
  },
}

it('reads a well-formed answer as node:http does', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        minor: fc.constantFrom(0, 1),
        status: fc.integer({ min: 200, max: 599 }).filter((status) => status !== 204 && status !== 304),
        reason: fc.constantFrom('', 'OK', 'Not Found', 'a  b'),
        headers: fc.array(header, { maxLength: 6 }),
        framing: fc.constantFrom(...Object.keys(framings)),
        text: body,
        inAdvance: fc.constantFrom('', 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'),
      }),
      async ({ minor, status, reason, headers, framing, text, inAdvance }) => {
        const lines = headers.map(([name, value]) => `${name}:${value}\r\n`).join('')
        const version = framing === 'chunks' ? 1 : minor
        answer = bytesOf(
          `${inAdvance}HTTP/1.${version} ${status} ${reason}\r\n${lines}${framings[framing]!(text)}`,
        )
        const request = get({ port, host: '127.0.0.1', agent: false })
        const [response] = (await once(request, 'response')) as [IncomingMessage]
        const content = await buffer(response)
        const given = response.rawHeaders
        const theirs = {
          version: response.httpVersion,
          status: response.statusCode,
          reason: response.statusMessage,
          headers: given.flatMap((name, index) =>
            index % 2 ? [] : [[name.toLowerCase(), given[index + 1]]],
          ),
        }
        expect(read(answer)).toEqual({
          heads: [theirs],
          body: content.toString('latin1'),
          ends: ['complete'],
          oddities: [],
        })
      },
    ),
    { numRuns: 200 },
  )
})

import { afterEach, describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Wire } from '../../../../src/checks/shared/dialogue/wire.ts'
import { startTalkServer, type TalkServer } from '../../../support/servers/talk-server.ts'
import { waitFor } from '../../../support/time/wait-for.ts'

let server: TalkServer | undefined
let client: Socket | undefined
afterEach(async () => {
  client?.destroy()
  await server?.stop()
})

async function wireTo(onConnection: (socket: Socket) => void): Promise<Wire> {
  server = await startTalkServer(onConnection)
  client = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true })
  client.on('error', () => undefined)
  await once(client, 'connect')
  return new Wire(client)
}

/** Writes one chunk after the other, each in its own turn. */
async function write(socket: Socket, chunks: readonly Buffer[]): Promise<void> {
  for (const chunk of chunks) {
    await new Promise((resolve) => socket.write(chunk, resolve))
  }
  socket.end()
}

async function everyLine(wire: Wire): Promise<string[]> {
  const lines: string[] = []
  for (;;) {
    const line = await wire.line()
    if (line === undefined) return lines
    lines.push(line)
  }
}

describe('Wire', () => {
  it('reads the same lines however they are cut into pieces', async () => {
    const anyLine = fc.string({ unit: fc.constantFrom('a', ' ', 'é', '\r', '\0', '😀'), maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyLine, { maxLength: 10 }),
        fc.constantFrom('\n', '\r\n'),
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }),
        async (lines, end, sizes) => {
          const bytes = Buffer.from(lines.map((line) => line + end).join(''))
          const chunks: Buffer[] = []
          for (let at = 0, index = 0; at < bytes.length; index++) {
            const size = sizes[index % sizes.length]!
            chunks.push(bytes.subarray(at, at + size))
            at += size
          }
          const wire = await wireTo((socket) => void write(socket, chunks))
          const expected = end === '\n' ? lines.map((line) => line.replace(/\r$/, '')) : lines
          expect(await everyLine(wire)).toEqual(expected)
          client?.destroy()
          await server?.stop()
        },
      ),
      { numRuns: 40 },
    )
  })

  it('counts what follows the last line feed as a line', async () => {
    expect(await everyLine(await wireTo((socket) => socket.end('a\n\nb')))).toEqual(['a', '', 'b'])
  })

  it('survives bytes that are not UTF-8', async () => {
    expect(
      await everyLine(await wireTo((socket) => socket.end(Buffer.from([0xff, 0xc3, 0x0a, 0xf0])))),
    ).toEqual(['\ufffd\ufffd', '\ufffd'])
  })

  it('takes bytes, and leaves the others to the next', async () => {
    const wire = await wireTo((socket) => socket.end('Sab\ncd'))
    expect((await wire.take(1)).toString()).toBe('S')
    expect(await wire.line()).toBe('ab')
    expect((await wire.take(10)).toString()).toBe('cd')
    expect(await wire.line()).toBeUndefined()
  })

  it('does not read more than it is asked for', async () => {
    let written = 0
    const wire = await wireTo((socket) => {
      const chunk = Buffer.alloc(64 * 1024, 'x\n')
      const more = (): void => {
        while (socket.write(chunk)) written += chunk.length
        written += chunk.length
      }
      socket.on('drain', more)
      more()
    })
    expect(await wire.line()).toBe('x')
    let before = -1
    await waitFor('the server to be held back', () => {
      const still = written === before
      before = written
      return still
    })
    expect(wire.received).toBeLessThanOrEqual(128 * 1024)
    expect(client!.readableLength).toBeLessThanOrEqual(128 * 1024)
  })

  it('tells whether more has come than was asked for', async () => {
    const wire = await wireTo((socket) => socket.write('a\nb'))
    await wire.line()
    expect(wire.release()).toBe(true)
    client?.destroy()
    await server?.stop()
    const other = await wireTo((socket) => socket.write('a\n'))
    await other.line()
    expect(other.release()).toBe(false)
  })

  it('tells that the other side has gone when it sends', async () => {
    const wire = await wireTo((socket) => socket.once('data', () => socket.resetAndDestroy()))
    await wire.send('x')
    await expect(wire.line()).rejects.toMatchObject({
      reason: 'connect',
      message: 'the server reset the connection',
    })
    await expect(wire.send('y')).rejects.toMatchObject({ name: 'ProbeFailure', reason: 'connect' })
  })
})

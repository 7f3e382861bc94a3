import { afterEach, describe, expect, it } from 'vitest'
import type { Socket } from 'node:net'
import type { ProbeResult } from '../../../src/checks/result.ts'
import { runProbe } from '../../../src/checks/run.ts'
import { checkOf } from '../../support/checks.ts'
import { onLines, script, startTalkServer, type TalkServer } from '../../support/servers/talk-server.ts'
import { ampleSeconds } from '../../support/time/patience.ts'
import { parse } from '../../support/parse-config.ts'

let server: TalkServer | undefined
afterEach(async () => {
  await server?.stop()
})

async function talk(
  onConnection: (socket: Socket) => void,
  ...dialogue: readonly object[]
): Promise<ProbeResult> {
  server = await startTalkServer(onConnection)
  return runProbe(checkOf('tcp', { tcp: server.address, dialogue }), { timeoutSeconds: ampleSeconds })
}

/** MySQL's greeting: a length, and then text between bytes. */
const mysql = Buffer.concat([
  Buffer.from([0x4a, 0, 0, 0, 0x0a]),
  Buffer.from('8.0.33\0'),
  Buffer.alloc(60, 0xff),
])

describe('a dialogue with text that has no line end', () => {
  it.each([
    ['a prompt', 'login: ', 'login:'],
    ['a prompt that ends there', 'login: ', 'login: $'],
    ['bytes around the text', mysql, '8\\.0'],
  ])('sees %s', async (_name, said, expected) => {
    expect(await talk((socket) => socket.write(said), { expect: expected })).toMatchObject({ success: true })
  })

  it('goes on from prompt to prompt', async () => {
    const heard: string[] = []
    const result = await talk(
      (socket) => {
        socket.write('login: ')
        onLines(socket, (line) => {
          heard.push(line)
          socket.write(heard.length === 1 ? 'password: ' : 'welcome\n')
        })
      },
      { expect: 'login: ', send: 'ann' },
      { expect: 'password: ', send: 'x' },
      { expect: '^welcome$' },
    )
    expect(result.success).toBe(true)
    expect(heard).toEqual(['ann', 'x'])
  })

  it('sees one that arrives byte by byte', async () => {
    const dribble = (socket: Socket): void => {
      const bytes = Array.from('........................................ login: ')
      const next = (): void => {
        const byte = bytes.shift()
        if (byte !== undefined && !socket.destroyed) socket.write(byte, () => setImmediate(next))
      }
      next()
    }
    expect(await talk(dribble, { expect: 'login:' })).toMatchObject({ success: true })
  })

  it('waits for the rest where groups take part of it', async () => {
    const halves = (socket: Socket): void => {
      socket.write('SSH-2.0-Open', () => setImmediate(() => socket.write('SSH_9.2\r\n')))
    }
    const result = await talk(halves, { expect: '^SSH-2\\.0-(\\S+)', labels: { ssh: '$1' } })
    expect(result.dialogue!.info).toEqual([{ ssh: 'OpenSSH_9.2' }])
  })
})

describe('a dialogue with reject', () => {
  it.each([
    ['a line', '421 too busy\r\n'],
    ['text without a line end', '421 too busy'],
  ])('fails at once by %s, and says what it was', async (_name, said) => {
    const result = await talk((socket) => socket.write(said), { expect: '^220 ', reject: '^[45]' })
    expect(result).toMatchObject({
      failure: { reason: 'body', message: 'step 1: the server said no: "421 too busy"' },
      dialogue: { failedDueToRegex: true },
    })
  })

  it('takes what is expected first', async () => {
    const result = await talk(script('wait\n220 421 hello\n'), { expect: '^220', reject: '421' })
    expect(result.success).toBe(true)
  })

  it('shows no more of it than a message holds', async () => {
    const result = await talk(script(`no\u0007${'x'.repeat(5000)}\n`), { expect: 'y', reject: 'no' })
    expect(result.failure!.message).toMatch(/^step 1: the server said no: "no.x{1,120}…?"$/)
  })
})

describe('a dialogue with bytes', () => {
  /** Says in hex what it has heard, when this many bytes have arrived. */
  const echo =
    (count: number) =>
    (socket: Socket): void => {
      let heard = Buffer.alloc(0)
      socket.on('data', (chunk: Buffer) => {
        heard = Buffer.concat([heard, chunk])
        if (heard.length >= count) socket.write(`${heard.toString('hex')}\n`)
      })
    }

  it.each([
    [{ send_bytes: '00 FF' }, '00ff'],
    [{ send_bytes: '00ff0d0a' }, '00ff0d0a'],
    [{ send: '\u0000\u00ff' }, '00ff'],
    [{ send: '\u0001é' }, '01e9'],
    [{ send: 'é' }, 'c3a90a'],
    [{ send: 'a\tb\r' }, '6109620d0a'],
    [{ send: '\u0001€' }, '01e282ac0a'],
  ])('sends %j', async (step, hex) => {
    const result = await talk(echo(hex.length / 2), step, { expect: `^${hex}$` })
    expect(result).toMatchObject({ success: true })
  })

  it('expects them where they come next', async () => {
    const result = await talk(
      (socket) => socket.write(mysql),
      { expect_bytes: '4a000000 0a' },
      { expect_bytes: '38' },
      { expect: '^\\.0\\.33' },
    )
    expect(result).toMatchObject({ success: true })
  })

  it.each([
    ['others', (socket: Socket) => socket.write('abc'), 'expected the bytes 61 62 00, got 61 62 63'],
    ['fewer', (socket: Socket) => socket.end('ab'), 'expected the bytes 61 62 00, got 61 62'],
  ])('says which it got: %s', async (_name, behave, words) => {
    const result = await talk(behave, { expect_bytes: '616200' })
    expect(result.failure).toEqual({ reason: 'body', message: `step 1: ${words}` })
  })

  it('says that nothing came', async () => {
    const result = await talk((socket) => socket.end(), { expect_bytes: '00' })
    expect(result.failure?.reason).toBe('connect')
  })

  it.each([
    ['send_bytes: xx', 'dialogue[0].send_bytes: "xx" is not bytes'],
    ['send_bytes: 10', 'dialogue[0].send_bytes: expected text, got a number'],
    ['send_bytes: "00", send: a', 'dialogue[0].send_bytes: has no effect with send'],
    ['send: a, reject: b', 'dialogue[0].reject: needs expect:'],
  ])('%s is refused', (step, words) => {
    const text = `targets: [{ name: it, tcp: "a:1", dialogue: [{ ${step} }] }]`
    expect(() => parse(text)).toThrow(words)
  })
})

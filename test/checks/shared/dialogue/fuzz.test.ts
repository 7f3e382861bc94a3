import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import type { Socket } from 'node:net'
import { failureReasons } from '../../../../src/net/failure.ts'
import { type ProbeResult } from '../../../../src/checks/result.ts'
import { runProbe } from '../../../../src/checks/run.ts'
import { checkOf } from '../../../support/checks.ts'
import { slackSeconds } from '../../../support/time/patience.ts'
import { startTalkServer } from '../../../support/servers/talk-server.ts'
import { waitFor } from '../../../support/time/wait-for.ts'
import { partOf } from '../../../support/proof.ts'

type End = 'stay' | 'end' | 'reset'

/** Sends these bytes when somebody connects, and more with everything that is heard. */
function hostile(first: Uint8Array, answers: readonly Uint8Array[], ending: End): (socket: Socket) => void {
  return (socket) => {
    const rest = [...answers]
    const finish = (): void => {
      if (ending === 'end') socket.end()
      if (ending === 'reset') socket.resetAndDestroy()
    }
    if (first.length > 0) socket.write(first)
    if (rest.length === 0) finish()
    socket.on('data', () => {
      const answer = rest.shift()
      if (answer) socket.write(answer)
      if (rest.length === 0) finish()
    })
  }
}

const keys = [
  { starttls: 'smtp' },
  { starttls: 'imap' },
  { starttls: 'ftp' },
  { starttls: 'postgres' },
  { starttls: 'pop3' },
  { starttls: 'mysql' },
  { starttls: 'ldap' },
  { starttls: 'xmpp' },
  { use_tls: true },
  { dialogue: [{ expect: '^(\\w+) (.*)$', send: '$2', labels: { word: '$1' } }, { expect: '^x' }] },
]

/** Pieces of the protocols, so that some of what is made gets beyond the first line. */
const piece = fc.constantFrom(
  ...[
    '220 hi\r\n',
    '250-x\r\n',
    '250 STARTTLS\r\n',
    '* OK\r\n',
    'a1 OK\r\n',
    '234 go\n',
    'S',
    'N',
    'E',
    '\n',
    '\0',
  ],
  ...[
    '\x16\x03\x03\x00\x02',
    '\x15\x03\x03\x00\x02\x02\x28',
    '999 ',
    'x'.repeat(70_000),
    'y\n'.repeat(12_000),
  ],
)
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.array(piece, { maxLength: 4 }).map((pieces) => Buffer.from(pieces.join(''), 'latin1')),
)

describe('whatever a server sends', () => {
  it('ends in its own result, in time, and leaves no connection behind', async () => {
    const timeoutSeconds = 0.2
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...keys),
        bytes,
        fc.array(bytes, { maxLength: 3 }),
        fc.constantFrom<End>('stay', 'end', 'reset'),
        async (more, first, answers, ending) => {
          const server = await startTalkServer(hostile(first, answers, ending))
          try {
            const check = checkOf('tcp', { tcp: server.address, ...more })
            const result: ProbeResult = await runProbe(check, { timeoutSeconds })
            expect(result.success).toBe(result.failure === undefined)
            if (result.failure) {
              expect(failureReasons).toContain(result.failure.reason)
              expect(result.failure.reason).not.toBe('internal')
              expect(result.failure.message.length).toBeLessThan(400)
            }
            expect(result.durationSeconds).toBeLessThan(timeoutSeconds + slackSeconds)
          } finally {
            const { stop } = server
            await stop()
          }
          await waitFor('every connection to be closed', () => server.connections() === 0)
        },
      ),
      { numRuns: partOf(120, 4) },
    )
  })
})

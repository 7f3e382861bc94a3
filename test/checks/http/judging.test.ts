import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { createHttpProber } from '../../../src/checks/http/probe.ts'
import type { HttpCheck } from '../../../src/checks/http/schema.ts'
import { createTransactionProber } from '../../../src/checks/transaction/probe.ts'
import type { TransactionCheck } from '../../../src/checks/transaction/schema.ts'
import { systemClock } from '../../../src/lib/time/clock.ts'
import { atEnd } from '../../support/at-end.ts'
import { parseTarget } from '../../support/parse-config.ts'

/** A clock that goes on by an hour while a body is judged, and a prober that takes so long for it. */
function slowJudge() {
  let later = 0
  const clock = { ...systemClock, monotonic: () => systemClock.monotonic() + later }
  const http = createHttpProber({
    judgeBody() {
      later += 3_600_000
      return Promise.resolve({ captured: [] })
    },
  })
  return { clock, http }
}

async function serve(): Promise<string> {
  const server = createServer((_request, response) => response.end('{"ok": true}')).listen(0, '127.0.0.1')
  atEnd(() => server.close())
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

describe('the time that it takes to judge a body', () => {
  it('is not that of the target', async () => {
    const { clock, http } = slowJudge()
    const { check } = parseTarget(
      `targets: [{ name: it, url: "${await serve()}", expect: { json: { "$.ok": true } } }]`,
    )
    const result = await http(check as HttpCheck, {
      signal: new AbortController().signal,
      log: { add: () => undefined },
      clock,
    })
    expect(result).toMatchObject({ success: true })
    expect(result.durationSeconds).toBeLessThan(600)
  })

  it('is not that of a transaction', async () => {
    const { clock, http } = slowJudge()
    const { check } = parseTarget(
      `targets: [{ name: it, steps: [{ name: first, url: "${await serve()}", expect: { body: { contains: ok } } }] }]`,
    )
    const result = await createTransactionProber(http)(check as TransactionCheck, {
      signal: new AbortController().signal,
      log: { add: () => undefined },
      clock,
    })
    expect(result.steps).toMatchObject([{ outcome: 'succeeded' }])
    expect(result.durationSeconds).toBeLessThan(600)
  })
})

import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readHops, routeWords } from '../../../src/alerts/evidence/route/hops.ts'
import { createTracer, type TracerOptions } from '../../../src/alerts/evidence/route/trace.ts'
import { describeWithTool } from '../../support/programs/tools.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const clock = { now: () => 1_700_000_000_000 }
const never = new AbortController().signal

const traceroute = `traceroute to 203.0.113.9 (203.0.113.9), 30 hops max, 60 byte packets
 1  192.0.2.1  0.412 ms
 2  *
 3  198.51.100.1  4.210 ms !H
 4  *`

const tracepath = ` 1?: [LOCALHOST]                      pmtu 1500
 1:  192.0.2.1                                             0.378ms
 1:  192.0.2.1                                             0.301ms
 2:  no reply
 3:  203.0.113.9                                           9.123ms reached
     Resume: pmtu 1500 hops 3 back 3`

describe('the hops', () => {
  it('are those of traceroute', () => {
    expect(readHops(traceroute.split('\n'))).toEqual([
      { number: 1, address: '192.0.2.1' },
      { number: 2 },
      { number: 3, address: '198.51.100.1' },
      { number: 4 },
    ])
  })

  it('are those of tracepath', () => {
    expect(readHops(tracepath.split('\n'))).toEqual([
      { number: 1, address: '192.0.2.1' },
      { number: 2 },
      { number: 3, address: '203.0.113.9' },
    ])
  })

  it.each([
    [traceroute, 'on the way to 203.0.113.9, the last answer is from 198.51.100.1 (hop 3)'],
    [tracepath, '203.0.113.9 answers as hop 3'],
    [' 1  *\n 2  *', 'nothing on the way to 203.0.113.9 answers'],
  ])('become words', (text, words) => {
    expect(routeWords('203.0.113.9', readHops(text.split('\n')))).toBe(words)
  })
})

/** Programs with these names that do this. */
async function pretend(programs: Readonly<Record<string, string>>): Promise<TracerOptions> {
  const folder = await tempFolder()
  for (const [name, body] of Object.entries(programs)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`)
    chmodSync(join(folder, name), 0o755)
  }
  return { clock, env: { PATH: `${folder}:/bin:/nowhere` } }
}

const prints = (text: string): string => `cat <<'END'\n${text}\nEND`

describe('the way to an address', () => {
  it('is what traceroute finds, without control characters', async () => {
    const body = `[ "$*" = '-n -q 1 -w 2 -m 30 203.0.113.9' ] || { echo "$*"; exit 2; }\n${prints(`${traceroute}\n\u001b[31mred\u0007`)}`
    const trace = createTracer(await pretend({ traceroute: body }))
    expect(await trace('203.0.113.9', never)).toEqual({
      at: new Date(clock.now()),
      address: '203.0.113.9',
      words: 'on the way to 203.0.113.9, the last answer is from 198.51.100.1 (hop 3)',
      lines: [...traceroute.split('\n'), 'red'],
    })
  })

  it('is that of IPv6', async () => {
    const body = `[ "$*" = '-6 -n -q 1 -w 2 -m 30 2001:db8::1' ] && echo ' 1  2001:db8::1  1 ms'`
    const trace = createTracer(await pretend({ traceroute: body }))
    expect((await trace('2001:db8::1', never))?.words).toBe('2001:db8::1 answers as hop 1')
  })

  it.each<[string, string, string]>([
    [
      'has no network',
      'echo "connect: Network is unreachable" >&2; exit 1',
      'no way to 203.0.113.9 was found',
    ],
    ['floods', 'yes " 1  *" | head -c 1000000', 'nothing on the way to 203.0.113.9 answers'],
  ])('is bounded where the program %s', async (_name, body, words) => {
    const found = await createTracer(await pretend({ traceroute: body }))('203.0.113.9', never)
    expect(found?.words).toBe(words)
    expect(found!.lines.length).toBeLessThanOrEqual(64)
  })

  it('ends with its time, and keeps what was found', async () => {
    const options = await pretend({ traceroute: "echo ' 1  192.0.2.1  1 ms'; sleep 600" })
    const found = await createTracer({ ...options, maxMs: 1000 })('203.0.113.9', never)
    expect(found?.words).toBe('on the way to 203.0.113.9, the last answer is from 192.0.2.1 (hop 1)')
  })

  it('is given up where others take all the time', async () => {
    const options = await pretend({ traceroute: 'sleep 600' })
    const trace = createTracer({ ...options, maxRunning: 1, maxMs: 500 })
    const all = await Promise.all([trace('192.0.2.1', never), trace('192.0.2.2', never)])
    expect(all[1]).toBeUndefined()
  })
})

describe('without programs', () => {
  it('says so', async () => {
    const trace = createTracer({ clock, env: { PATH: await tempFolder() } })
    expect(await trace('203.0.113.9', never)).toMatchObject({
      words: 'the way to 203.0.113.9 was not traced: this machine has neither traceroute nor tracepath',
      lines: [],
    })
  })
})

describeWithTool(['traceroute'], 'the traceroute of this machine', () => {
  it('finds 127.0.0.1', async () => {
    const found = await createTracer({ clock })('127.0.0.1', never)
    expect(found?.words).toBe('127.0.0.1 answers as hop 1')
  })
})

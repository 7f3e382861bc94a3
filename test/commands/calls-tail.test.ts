import { readFile, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pino } from 'pino'
import { root } from '../../scripts/stack/shipped-files.ts'
import { tailCalls, type TailOptions } from '../../src/app/calls/tail.ts'
import { startExporter } from '../../src/app/exporter/exporter.ts'
import type { Exporter } from '../../src/app/exporter/running.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/time/wait-for.ts'

let exporter: Exporter

beforeEach(async () => {
  const configFile = join(await tempFolder(), 'targets.yml')
  await writeFile(configFile, 'targets: [{ name: charges, calls: { host: ^pay.example$ } }]')
  exporter = await startExporter(
    { configFile, listenAddress: { host: '127.0.0.1', port: 0 } },
    { log: pino({ level: 'silent' }), env: {} },
  )
})

afterEach(async () => {
  await exporter.stop()
})

/** The call of docs/calls.md, and what is said of it. */
const documented = '2\tPOST\thttps://api.stripe.com/v1/charges/ch_3Nk\t87.4\t200\t\tshop\t1.4.2\n'

const body = [
  '2\tPOST\thttps://pay.example/v1/charges?key=secret\t12.3\t503\t\tshop\t1.2\n',
  '2\tGET\thttps://other.example/users/17\t5\t200\n',
  '2\t\t\t7\t\tinvoice.render\tshop\t1.2\tTypeError\n',
].join('')

async function output(
  show: TailOptions['show'],
  reported = body,
): Promise<{ text: string; ended: Promise<void> }> {
  let text = ''
  const write = (piece: string): void => {
    text += piece
  }
  const ended = tailCalls({
    url: exporter.url,
    show,
    write,
    now: () => Date.UTC(2026, 10, 20, 12, 0, 1, 230),
  })
  await waitFor('the calls', async () => {
    await fetch(`${exporter.url}/api/v1/calls`, { method: 'POST', body: reported })
    return text.split('12:00:01.230').length > 3
  })
  return { text, ended }
}

const matched = '12:00:01.230  charges              POST pay.example /v1/charges 12.3 ms error 503 shop 1.2\n'
const unmatched = [
  '12:00:01.230  -                    GET other.example /users/17 5.0 ms 200\n',
  String.raw`              calls: { method: ^GET$, host: '^other\.example$', path: '^/users/[^/]+$' }`,
  '\n12:00:01.230  -                    invoice.render 7.0 ms TypeError shop 1.2\n',
  String.raw`              calls: { operation: '^invoice\.render$' }`,
  '\n',
].join('')

describe('probity calls tail', () => {
  it('shows calls as they come, and suggests calls: for those without a target', async () => {
    const { text } = await output('all')
    expect(text.startsWith(matched + unmatched)).toBe(true)
    expect(text).not.toContain('secret')
  })

  it('shows one kind of them', async () => {
    expect((await output('matched')).text.replaceAll(matched, '')).toBe('')
    expect((await output('unmatched')).text.replaceAll(unmatched, '')).toBe('')
  })

  it('shows what docs/calls.md shows', async () => {
    const { text } = await output('unmatched', documented)
    const [call = ''] = text.split(/(?<=\n)(?=12:)/)
    const page = await readFile(join(root, 'docs/calls.md'), 'utf8')
    expect(page).toContain(`$ probity calls tail --unmatched\n${call}`)
  })

  it('ends with the exporter, which does not wait for it', async () => {
    const { ended } = await output('all')
    await exporter.stop()
    await ended
  })

  it('says so when nobody answers', async () => {
    await exporter.stop()
    const options = { show: 'all', write: () => undefined, now: () => 0 } as const
    await expect(tailCalls({ ...options, url: exporter.url })).rejects.toMatchObject({
      code: 'CALLS_UNAVAILABLE',
      message: expect.stringContaining('set its address with --url'),
    })
  })

  it.each([
    ['rebound.example', 421],
    ['203.0.113.7', 403],
  ])('is refused to those who ask by a name that is not of this machine: %s', async (host, expected) => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      request(`${exporter.url}/api/v1/calls/tail`, { headers: { Host: host } }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
        .on('error', reject)
        .end()
    })
    expect(status).toBe(expected)
  })
})

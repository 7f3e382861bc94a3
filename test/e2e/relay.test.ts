import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freePorts, startProgram, type Program } from '../../scripts/stack/process.ts'
import { addToken } from '../../src/tokens/edit.ts'
import { targetsAnswer } from '../../src/web/api/shapes.ts'
import { probity } from '../support/programs/probity.ts'
import { withDatabase } from '../support/embedded.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/time/wait-for.ts'

/** Real programs, each with its own database: two boxes report to a third. */
const names = ['center', 'berlin', 'paris'] as const
type Name = (typeof names)[number]

let peer: Server
let urls: Readonly<Record<string, string>>
const folders = new Map<Name, string>()
const running = new Map<Name, Program>()

beforeAll(async () => {
  peer = createServer((request, response) => {
    response.writeHead(request.url === '/broken' ? 500 : 200).end('ok')
  }).listen(0, '127.0.0.1')
  await once(peer, 'listening')
  const { port } = peer.address() as AddressInfo
  const ports = await freePorts(names)
  urls = Object.fromEntries(names.map((name) => [name, `http://127.0.0.1:${ports[name]}`]))
  for (const name of names) {
    const folder = await tempFolder()
    folders.set(name, folder)
    await withDatabase(join(folder, 'data'))
    const own =
      name === 'center' ? '' : `, { name: "disk of ${name} <b>", url: 'http://127.0.0.1:${port}/broken' }`
    const list = `[{ name: shop, url: 'http://127.0.0.1:${port}/' }${own}]`
    await writeFile(
      join(folder, 'targets.yml'),
      `defaults: { interval: 1s, timeout: 900ms }\ntargets: ${list}\n`,
    )
  }
  const tokens = join(folders.get('center')!, 'data/tokens.jsonl')
  for (const name of ['berlin', 'paris'] as const) {
    const secret = await addToken(tokens, { name, scopes: ['results'], now: Date.now() })
    await writeFile(join(folders.get(name)!, 'token'), `${secret}\n`)
  }
  await Promise.all(names.map(start))
})

afterAll(async () => {
  await Promise.all([...running.values()].map((program) => program.stop('SIGKILL')))
  peer.close()
  peer.closeAllConnections()
})

async function start(name: Name): Promise<void> {
  const reporting =
    name === 'center' ? [] : ['--report-to', urls['center'] ?? '', '--report-to.token-file', 'token']
  const where = [
    '--web.listen-address',
    new URL(urls[name] ?? '').host,
    '--calls.listen-address',
    '127.0.0.1:0',
  ]
  const program = startProgram(
    name,
    process.execPath,
    [...probity, 'solo', '--config.file', 'targets.yml', '--location', name, ...where, ...reporting],
    { env: { PATH: process.env.PATH }, cwd: folders.get(name)! },
  )
  running.set(name, program)
  await waitFor(`${name} listens`, () => program.output().includes('solo is listening'))
}

const kill = (name: Name): Promise<unknown> => running.get(name)!.stop('SIGKILL')

async function metric(name: Name, series: string): Promise<number> {
  const text = await (await fetch(`${urls[name] ?? ''}/metrics`)).text()
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${series} `))
      ?.split(' ')
      .at(-1) ?? NaN,
  )
}

/** When each check was made, as one of them has stored it. */
async function stored(at: Name, location: Name, to: number): Promise<string[]> {
  const range = new URLSearchParams({ from: String(to / 1000 - 600), to: String(to / 1000) }).toString()
  const answer = await fetch(`${urls[at] ?? ''}/api/v1/checks?${range}`)
  const { checks } = (await answer.json()) as { checks: { target: string; location: string; at: number }[] }
  return checks
    .filter((check) => check.location === location)
    .map((check) => `${check.at} ${check.target}`)
    .sort()
}

async function targets() {
  const answer = await fetch(`${urls['center'] ?? ''}/api/v1/targets`)
  return targetsAnswer.parse(await answer.json()).targets
}

it('nothing is lost and nothing is doubled where the receiver and a sender are killed', async () => {
  const accepted = (name: Name): Promise<number> =>
    metric(name, 'probity_report_to_checks_total{result="accepted"}')
  for (const name of ['berlin', 'paris'] as const)
    await waitFor(`${name} reports`, async () => (await accepted(name)) > 5)
  await kill('center')
  const waiting = (name: Name): Promise<number> => metric(name, 'probity_report_to_waiting')
  for (const name of ['berlin', 'paris'] as const)
    await waitFor(`the checks of ${name} wait`, async () => (await waiting(name)) > 10)
  await kill('berlin')
  await start('berlin')
  expect(await waiting('berlin')).toBeGreaterThan(5)
  await start('center')
  const back = Date.now()
  for (const name of ['berlin', 'paris'] as const) {
    // What was checked until now, as soon as later checks have arrived, which come after it.
    await waitFor(
      `all checks of ${name} arrive`,
      async () => {
        const arrived = await stored('center', name, Date.now())
        return arrived.some((check) => Number(check.split(' ', 1)[0]) * 1000 > back + 1000)
      },
      250_000,
    )
    await waitFor(`${name} has stored its own`, async () => (await stored(name, name, back)).length > 10)
    const [own, there] = [await stored(name, name, back), await stored('center', name, back)]
    expect(own.filter((check) => !there.includes(check))).toEqual([])
    expect(new Set(there).size).toBe(there.length)
    // The box that was killed may have lost a second of its own history, but not of what it reports.
    if (name === 'paris') expect(there).toEqual(own)
  }
  expect(running.get('paris')!.output()).toContain('checks cannot be reported to')
  expect(running.get('paris')!.output()).toContain('again')
  expect(await metric('paris', 'probity_report_to_checks_total{result="dropped"}')).toBe(0)
})

it('one page shows all of them', async () => {
  await waitFor('the center knows all locations', async () => {
    const shop = (await targets()).find(({ name }) => name === 'shop')
    return shop && 'locations' in shop && shop.locations?.length === 3
  })
  const known = await targets()
  expect(known.map(({ name, kind }) => [name, kind])).toEqual([
    ['shop', 'http'],
    ['disk of berlin <b>', 'elsewhere'],
    ['disk of paris <b>', 'elsewhere'],
  ])
  await waitFor('what its box says of the disk', async () => {
    const [, disk] = await targets()
    expect(disk).toMatchObject({ state: 'down', locations: [{ location: 'berlin', reason: 'status' }] })
    return true
  })
  await waitFor('the page says it', async () => {
    const page = await (await fetch(`${urls['center'] ?? ''}/`)).text()
    expect(page).toContain('disk of paris &lt;b&gt;')
    expect(page).not.toContain('disk of paris <b>')
    return page.includes('down from berlin')
  })
  const detail = await fetch(`${urls['center'] ?? ''}/targets/${encodeURIComponent('disk of berlin <b>')}`)
  expect(detail.status).toBe(200)
  expect(await detail.text()).toContain('Watched elsewhere')
  await waitFor('the badge of a location', async () => {
    const badge = await fetch(`${urls['center'] ?? ''}/badge/shop.svg?location=paris`)
    return (await badge.text()).includes('<title>shop from paris: up</title>')
  })
  const report = await (await fetch(`${urls['center'] ?? ''}/api/v1/report?format=text`)).text()
  expect(report).toContain('Locations side by side')
})

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import { startExporter } from '../../../src/app/exporter/exporter.ts'
import { startSolo } from '../../../src/app/solo/solo.ts'
import { digestMs, gatherMs } from '../../../src/history/subscribers/owed-mails.ts'
import type { Clock } from '../../../src/lib/time/clock.ts'
import { systemTimers, type Timers } from '../../../src/lib/time/timers.ts'
import { withDatabase } from '../../support/embedded.ts'
import { createDatabase, describeWithPostgres } from '../../support/programs/postgres.ts'
import {
  smtpPassword,
  smtpUser,
  startSmtpPeer,
  type SmtpPeer,
  type TakenMail,
} from '../../support/servers/smtp-peer.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { waitFor } from '../../support/time/wait-for.ts'

/** What somebody sees who reads a mail. */
const textOf = (mail: TakenMail): string => mail.parts.get('text/plain') ?? ''
const linkIn = (mail: TakenMail): string => /https:\/\/\S+subscription\?t=\S+/.exec(textOf(mail))?.[0] ?? ''
const subjects = ({ mails }: SmtpPeer): string[] =>
  mails.map((mail) => `${mail.to.join()} < ${mail.headers.get('subject')?.[0] ?? ''}`)

/** The machine's, and as much later as somebody wants. */
let later = 0
const clock: Clock = {
  now: () => Date.now() + later,
  monotonic: () => performance.now() + later,
}
/** As posts have times. */
const moment = (inMs = 0): string => new Date(clock.now() + inMs).toISOString().replace(/\.\d+/, '')
/** Looks are made often. */
const timers: Timers = { after: (ms, run) => systemTimers.after(ms === 10_000 ? 50 : ms, run) }

interface Served {
  readonly url: string
  readonly stop: () => Promise<void>
}

interface Place {
  readonly folder: string
  readonly peer: SmtpPeer
  readonly logged: string[]
  readonly start: (folder?: string) => Promise<Served>
}

const external = 'https://status.example/probity'
let running: Served[] = []

afterEach(async () => {
  for (const served of running) await served.stop()
  running = []
  later = 0
})

async function prepare(
  write: (folder: string) => Promise<(folder: string, log: pino.Logger) => Promise<Served>>,
): Promise<Place> {
  const folder = await tempFolder()
  const start = await write(folder)
  const peer = await startSmtpPeer()
  await mkdir(join(folder, 'posts'))
  await writeFile(
    join(folder, 'targets.yml'),
    `web:
  public:
    - { path: /status/shop, title: Example Shop, targets: shop, incidents: true, subscribe: { channel: mail } }
    - { path: /status/other, targets: shop }
targets: [{ name: shop, heartbeat: 1d }]
`,
  )
  await writeFile(
    join(folder, 'notify.yml'),
    `channels:
  mail: { type: email, from: Status <status@example.org>, to: ops@example.org, smtp_host: 127.0.0.1, smtp_port: ${peer.port}, smtp_user: ${smtpUser}, smtp_password: ${smtpPassword}, tls: none }
`,
  )
  const logged: string[] = []
  const log = pino({ level: 'info' }, { write: (line: string) => void logged.push(line) })
  return {
    folder,
    peer,
    logged,
    async start(at = folder) {
      const served = await start(at, log)
      let stopping: Promise<void> | undefined
      const once = { url: served.url, stop: () => (stopping ??= served.stop()) }
      running.push(once)
      await waitFor('the form', async () => (await page(once)).includes('action="subscribe"'))
      return once
    },
  }
}

const page = async ({ url }: Served): Promise<string> => (await fetch(`${url}/status/shop/`)).text()

async function enter({ url }: Served, address: string, path = 'shop') {
  const answer = await fetch(`${url}/status/${path}/subscribe`, {
    method: 'POST',
    body: new URLSearchParams({ address }),
  })
  return { status: answer.status, text: await answer.text() }
}

/** Asks for a link as it stands in a mail. */
async function open({ url }: Served, link: string, method = 'GET', body?: URLSearchParams) {
  expect(link).toContain(`${external}/status/shop/subscription?t=`)
  const answer = await fetch(link.replace(external, url), { method, ...(body && { body }) })
  return { status: answer.status, text: await answer.text() }
}

const solo = (): Promise<Place> =>
  prepare(async (folder) => {
    await withDatabase(folder)
    return (at, log) =>
      startSolo(
        {
          configFile: join(at, 'targets.yml'),
          listenAddress: { host: '127.0.0.1', port: 0 },
          storagePath: at,
          history: { folder: join(at, 'history') },
          notify: { file: join(at, 'notify.yml'), optional: false },
          externalUrl: new URL(external),
        },
        { log, clock, timers, env: {}, stdout: { write: () => true } },
      )
  })

const exporter = (): Promise<Place> =>
  prepare(async (folder) => {
    const databaseUrl = await createDatabase()
    let count = 0
    return (at, log) =>
      startExporter(
        {
          configFile: join(at, 'targets.yml'),
          listenAddress: { host: '127.0.0.1', port: 0 },
          history: { databaseUrl, folder: join(folder, `waiting-${++count}`) },
          notify: { file: join(at, 'notify.yml'), optional: false },
          externalUrl: new URL(external),
        },
        { log, clock, timers, env: {} },
      )
  })

function suite(place: () => Promise<Place>): void {
  it('confirms by a link, sends what is new, and ends by one click, also after a restart', async () => {
    const { folder, peer, logged, start } = await place()
    const old = moment(-3_600_000)
    await writeFile(
      join(folder, 'posts', 'old.md'),
      `---\ntitle: Old\nkind: incident\nfrom: ${old}\n---\nOver.\n`,
    )
    let served = await start()
    const first = await enter(served, ' anna@Example.org ')
    expect(first.status).toBe(200)
    await waitFor('the link', () => peer.mails.length === 1)
    const [mail] = peer.mails
    expect(subjects(peer)).toEqual(['anna@example.org < Confirm your subscription to Example Shop'])
    expect(mail!.headers.get('from')).toEqual(['Status <status@example.org>'])
    const link = linkIn(mail!)

    // Who only looks at it confirms nothing.
    for (let looks = 0; looks < 2; looks++) {
      const question = await open(served, link)
      expect(question.text).toContain('<button type="submit">Yes, subscribe</button>')
    }
    expect(logged.join('')).not.toContain('"subscribed"')
    expect((await open(served, link.slice(0, -4))).status).toBe(410)
    expect((await open(served, link.slice(0, -4), 'POST')).status).toBe(410)
    expect(
      (await fetch(link.replace(`${external}/status/shop`, `${served.url}/status/other`), { method: 'POST' }))
        .status,
    ).toBe(404)
    await served.stop()
    served = await start()
    expect((await open(served, link, 'POST')).text).toContain('You have subscribed.')
    expect((await open(served, link, 'POST')).text).toContain('You have subscribed.')

    // The answer is the same for one who has subscribed, and no mail goes out.
    expect(await enter(served, 'ANNA@example.org')).toEqual(first)

    const now = moment()
    await writeFile(
      join(folder, 'posts', 'cards.md'),
      `---\ntitle: Card payments fail\nkind: incident\nfrom: ${now}\ntargets: [shop]\n---\nSome are **refused** <b>.\n\n## ${now} Identified\nIt is the bank.\n`,
    )
    await waitFor('the news', () => {
      later += gatherMs
      return peer.mails.length > 1
    })
    const news = peer.mails[1]!
    expect(subjects(peer)[1]).toBe(
      'anna@example.org < Example Shop: Incident: Card payments fail (and 1 more)',
    )
    expect(textOf(news)).toContain('Affects: shop\n\nSome are **refused** <b>.')
    expect(textOf(news)).toContain(' Identified\n\nIt is the bank.')
    expect(news.parts.get('text/html')).toContain('<strong>refused</strong> &lt;b&gt;.')
    expect(textOf(news)).not.toContain('Old')
    const oneClick = /^<(.*)>$/.exec(news.headers.get('list-unsubscribe')?.[0] ?? '')?.[1] ?? ''
    expect(news.headers.get('list-unsubscribe-post')).toEqual(['List-Unsubscribe=One-Click'])
    expect(linkIn(news)).toBe(oneClick)

    await served.stop()
    served = await start()
    expect((await open(served, oneClick)).text).toContain('<button type="submit">Yes, unsubscribe</button>')
    expect(logged.join('')).not.toContain('"unsubscribed"')
    const left = await open(
      served,
      oneClick,
      'POST',
      new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
    )
    expect(left).toMatchObject({ status: 200, text: expect.stringContaining('You have unsubscribed.') })
    // Programs of mails ask again where an answer is lost.
    expect((await open(served, oneClick, 'POST')).status).toBe(200)
    expect((await open(served, link, 'POST')).status).toBe(410)
    expect(logged.join('')).toMatch(/"subscribed"[^]*"unsubscribed"/)
    later += digestMs
    await writeFile(
      join(folder, 'posts', 'more.md'),
      `---\ntitle: More\nkind: announcement\nfrom: ${now}\n---\nAfterwards.\n`,
    )
    await served.stop()
    expect(peer.mails).toHaveLength(2)
    expect(logged.join('')).not.toMatch(/anna|example\.org/i)
  })

  it('loses nothing while the mail server does not take mails', async () => {
    const { peer, logged, start } = await place()
    peer.replies.push(451, 451)
    let served = await start()
    await enter(served, 'bob@example.org')
    const failures = (): number => logged.filter((line) => line.includes('was not sent yet')).length
    await waitFor('the first attempt', () => failures() === 1)
    await served.stop()
    served = await start()
    later += 60_000
    await waitFor('the second attempt', () => failures() === 2)
    later += 120_000
    await waitFor('the link', () => peer.mails.length === 1)
    expect(linkIn(peer.mails[0]!)).not.toBe('')
  })

  it('does not log the address that a mail server refuses', async () => {
    const { peer, logged, start } = await place()
    peer.refusals.set('Carol@example.org', [450, 550])
    const served = await start()
    await enter(served, 'Carol@example.org')
    await waitFor('the first attempt', () => logged.some((line) => line.includes('was not sent yet')))
    later += 60_000
    await waitFor('the end', () => logged.some((line) => line.includes('is given up')))
    const lines = logged.join('')
    expect(lines).toContain('refused for <the subscriber>')
    expect(lines).not.toMatch(/carol/i)
  })

  it('takes one valid address, so many from one network, and no page without it', async () => {
    const { peer, start } = await place()
    const served = await start()
    for (const address of [
      '',
      'anna',
      'anna@localhost',
      'anna@example.org\r\nBcc: eve@example.org',
      'a@example.org,b@example.org',
      'a@example.org;b@example.org',
      'Anna <a@example.org>',
      '"a b"@example.org',
      `${'a'.repeat(65)}@example.org`,
      'a@[127.0.0.1]',
      'a@exämple.org',
    ])
      expect({ address, status: (await enter(served, address)).status }).toEqual({ address, status: 400 })
    expect((await enter(served, 'a@example.org', 'other')).status).toBe(404)
    const statuses: number[] = []
    for (let number = 0; number < 11; number++)
      statuses.push((await enter(served, `a${number}@example.org`)).status)
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 200), 429])
    const foreign = await fetch(`${served.url}/status/shop/subscribe`, {
      method: 'POST',
      headers: { 'Sec-Fetch-Site': 'cross-site' },
      body: new URLSearchParams({ address: 'x@example.org' }),
    })
    expect(foreign.status).toBe(403)
    await waitFor('ten links', () => peer.mails.length === 10)
  })
}

describe('solo', () => {
  suite(solo)
})

describeWithPostgres('an exporter', () => {
  suite(exporter)

  it('of several on one database sends each mail once', async () => {
    const { folder, peer, start } = await exporter()
    const sides = await Promise.all([start(), start(), start()])
    await enter(sides[0], 'anna@example.org')
    await waitFor('the link', () => peer.mails.length === 1)
    // What one has sent works at the other.
    expect((await open(sides[1], linkIn(peer.mails[0]!), 'POST')).status).toBe(200)
    const now = moment()
    await writeFile(
      join(folder, 'posts', 'a.md'),
      `---\ntitle: A\nkind: announcement\nfrom: ${now}\n---\nA.\n`,
    )
    await waitFor('the news', () => {
      // In small steps: who has taken a mail has a minute to send it, before another takes it.
      later += gatherMs / 30
      return peer.mails.length > 1
    })
    for (const side of sides) await side.stop()
    expect(subjects(peer).slice(1)).toEqual(['anna@example.org < Example Shop: Announcement: A'])
  })

  it('is refused where there is no history, or nobody knows its address', async () => {
    const { folder } = await exporter()
    const start = (more: object) =>
      startExporter(
        { configFile: join(folder, 'targets.yml'), listenAddress: { host: '127.0.0.1', port: 0 }, ...more },
        { log: pino({ level: 'silent' }), env: {} },
      )
    await expect(start({ externalUrl: new URL(external) })).rejects.toThrow(
      'subscribe of the public page /status/shop cannot be used: subscribers are kept in the history, and there is none: set DATABASE_URL, or use probity solo',
    )
    const history = { databaseUrl: await createDatabase(), folder: join(folder, 'waiting') }
    await expect(start({ history })).rejects.toThrow('give the page a host, or set --web.external-url')
    const file = join(folder, 'targets.yml')
    const text = await readFile(file, 'utf8')
    await writeFile(
      file,
      text.replace('title: Example Shop,', 'title: Example Shop, host: status.example.org,'),
    )
    await (await start({ history })).stop()
  })
})

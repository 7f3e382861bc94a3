import { beforeEach, describe, expect, it } from 'vitest'
import { copyFile, readdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../../../scripts/stack/shipped-files.ts'
import { uptimeKumaImporter } from '../../../src/foreign/uptime-kuma/import.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { importFile, type Outcome } from '../support.ts'

const fixtures = join(root, 'test/commands/import/fixtures/uptime-kuma')
const fixture = join(fixtures, 'kuma.db')
const imported = (path = fixture): Promise<Outcome> => importFile(uptimeKumaImporter, path)

describe('probity import uptime-kuma kuma.db', () => {
  it('makes a valid file of every type of monitor that there is a check for', async () => {
    const { config } = await imported()
    expect(config.targets.map(({ name, check }) => `${name}: ${check.kind}`)).toEqual([
      'Website: http',
      'Website (Shop): http',
      'No errors: http',
      'API: http',
      'API sum: http',
      'Token: http',
      'Database: tcp',
      'Mail port: tcp',
      'Host: icmp',
      'Name: dns',
      'Name 2: dns',
      'Backup: heartbeat',
      'Call: grpc',
      'Orders: sql',
      'Cache: redis',
      'Broker: mqtt',
      'Socket: websocket',
      'Outgoing mail: tcp',
      'nginx: command',
      'Windows: http',
    ])
  })

  it('carries over what the columns say', async () => {
    const { config } = await imported()
    expect(config.target('Website')).toMatchObject({
      interval: 120,
      timeout: 20,
      alertAfter: 2.5 * 120,
      labels: { group: 'Shop', team: 'web', Kind_of_thing: 'true', own_job: 'x' },
      check: {
        method: 'POST',
        headers: { 'X-Test': 'a ${b}', Authorization: 'sesame-header' },
        followRedirects: false,
        tls: { verify: false },
        proxy: { url: { port: '3128' } },
      },
    })
    expect(config.target('Paused')).toMatchObject({ paused: true })
    expect(config.target('API')?.check).toMatchObject({ auth: { type: 'bearer', token: 'sesame-bearer' } })
    expect(config.target('Token')?.check).toMatchObject({
      auth: { clientSecret: 'sesame-oauth', audience: 'https://api.shop.example' },
    })
    expect(config.target('Broker')?.check).toMatchObject({ password: 'sesame mqtt', topic: 'state/shop' })
    expect(config.target('Orders')?.check).toMatchObject({ password: 'sesame-pg', useTls: true })
    expect(config.target('Cache')?.check).toMatchObject({ username: 'user', password: 'sesame-redis' })
    expect(config.target('Socket')?.check).toMatchObject({ subprotocols: ['a', 'b'] })
    expect(config.target('Mail port')?.check).toMatchObject({ startTls: 'smtp' })
    expect(config.target('Outgoing mail')?.check).toMatchObject({ useTls: true })
  })

  it('makes channels of notifications, and notifies nobody else', async () => {
    const { notify, text, files } = await imported()
    expect(notify?.channels.map(({ name }) => name)).toEqual([
      'Team-chat',
      'Mail',
      'Telegram',
      'ntfy',
      'Discord',
    ])
    expect(notify?.leftOut).toEqual([])
    expect(files['notify.yml']).toContain('to:\n      - ops@shop.example\n      - boss@shop.example\n')
    expect(text).toContain('    notify:\n      - Team-chat\n      - Mail\n')
    expect(text).toMatch(/name: API\n(?: {4}.*\n)*? {4}notify:\n {6}- log\n/)
  })

  it('makes windows of maintenances, and public pages of status pages', async () => {
    const { config, text } = await imported()
    const website = config.target('Website')!
    const at = (moment: string): boolean =>
      (website.maintenance ?? []).some(({ endAt }) => endAt(Date.parse(moment) / 1000) !== undefined)
    expect(at('2027-01-10T21:30:00Z')).toBe(true)
    expect(at('2027-01-11T01:31:00Z')).toBe(true)
    expect(at('2027-01-11T01:29:00Z')).toBe(true)
    expect(at('2027-01-10T20:59:00Z')).toBe(false)
    // Monday at half past two in Berlin, which is the time zone of that server.
    expect(at('2027-02-01T01:45:00Z')).toBe(true)
    expect(text).toContain(
      'path: /status/shop\n      title: State of the shop\n      groups:\n        - name: Shop\n',
    )
  })

  it('writes secrets into a file of their own, and nowhere else', async () => {
    const { files, notes, secrets } = await imported()
    expect(Object.values(secrets)).toHaveLength(13)
    expect(secrets).toMatchObject({ KUMA_MAIL_SMTP_PASSWORD: "sesame'mail" })
    for (const text of [...Object.values(files), ...notes]) expect(text).not.toContain('sesame')
    expect(notes.at(-1)).toBe(
      'kuma.env has the values of 13 variables that are secrets: add them to .env, or where Probity is started',
    )
  })

  it('notes what could not be carried over, with the table and the id', async () => {
    const { notes } = await imported()
    const expected = [
      'monitor[2].authMethod: the header Authorization is sent instead, as before',
      'monitor[6].jsonPath: only one value, by its path, can be compared',
      'monitor[12].conditions: only "equals", "contains", "starts with" and "ends with", joined by "or", can be expected of a record',
      'monitor[14]: "Alarm" is left out: it is upside down: a failure cannot be expected',
      'monitor[17]: "Accounts" is left out: write a command that makes the query',
      'monitor[30]: "Closed" is left out: it is upside down: a failure cannot be expected',
      'notification[4]: "Signal" is left out: there is no channel for the type "signal": docs/channels.md has all channels',
      'maintenance[4]: the maintenance "Now" is left out: it goes on until somebody ends it: use probity silence',
      'status_page[2]: the status page "Draft" is left out: it is not published',
    ]
    for (const note of expected) expect(notes).toContain(note)
  })
})

describe('kuma.db', () => {
  let folder: string
  let path: string

  beforeEach(async () => {
    folder = await tempFolder()
    path = join(folder, 'kuma.db')
    await copyFile(fixture, path)
  })

  const names = async (given = path): Promise<string[]> =>
    (await imported(given)).config.targets.map(({ name }) => name)
  const refused = (message: string): object => ({ code: 'IMPORT_INVALID', message })

  it('is read with its log, which nothing has been moved from', async () => {
    await copyFile(join(fixtures, 'newest.wal'), `${path}-wal`)
    const found = await names()
    expect(found).toContain('Newest')
    expect((await imported(path)).config.target('Renamed')).toMatchObject({ paused: true })
    expect(found).toHaveLength(21)
  })

  it.each([
    ['the second transaction', 24, ['Newest', 'Paused']],
    ['everything but a part of the header', 32_992 - 20, ['Paused']],
  ])('is read as SQLite reads it, where %s is missing in the log', async (_what, missing, expected) => {
    const log = await readFile(join(fixtures, 'newest.wal'))
    await writeFile(`${path}-wal`, log.subarray(0, log.length - missing))
    const { config } = await imported(path)
    for (const name of expected) expect(config.target(name)).toBeDefined()
    expect(config.target('Renamed')).toBeUndefined()
  })

  it('is read up to the first frame that is damaged', async () => {
    const log = await readFile(join(fixtures, 'newest.wal'))
    log.writeUInt8(log.readUInt8(5000) ^ 1, 5000)
    await writeFile(`${path}-wal`, log)
    expect(await names()).not.toContain('Newest')
  })

  it('is not changed, and nothing is written next to it', async () => {
    await copyFile(join(fixtures, 'newest.wal'), `${path}-wal`)
    const before = await readFile(path)
    await imported(path)
    expect((await readFile(path)).equals(before)).toBe(true)
    expect((await readdir(folder)).sort()).toEqual(['kuma.db', 'kuma.db-wal'])
  })

  it('is found in the folder of its data', async () => {
    expect(await names(folder)).toContain('Website')
  })

  it.each([
    ['half of a page', 278_528 - 2048],
    ['a page', 4096],
    ['its header', 50],
  ])('is refused where only %s is there', async (_what, bytes) => {
    await truncate(path, bytes)
    const message = `${path} is not whole: some of the database is missing at its end, so copy it again`
    await expect(imported(path)).rejects.toMatchObject(refused(message))
  })

  it('is refused where pages hold something else', async () => {
    const bytes = await readFile(path)
    bytes.fill(7, 4096)
    await writeFile(path, bytes)
    await expect(imported(path)).rejects.toThrow(/^\S+ is damaged: \S/)
  })

  it('is refused where a transaction was interrupted', async () => {
    await writeFile(`${path}-journal`, Buffer.from('d9d505f920a163d7', 'hex'))
    const message = `${path} is in use: stop the program that writes to it, or make a copy with sqlite3 FILE ".backup COPY"`
    await expect(imported(path)).rejects.toMatchObject(refused(message))
  })

  it('is refused where it is larger than what is read', async () => {
    await truncate(path, 3 * 1024 ** 3)
    const message = `${path} is 3.0 GiB large: at most 1 GiB is read, so make a copy without its history`
    await expect(imported(path)).rejects.toMatchObject(refused(message))
  })

  it.each(['', '\0'.repeat(5000), 'SQLite format 2\0'])(
    '%j is neither a database nor a backup',
    async (text) => {
      await writeFile(path, text)
      await expect(imported(path)).rejects.toThrow(/^\S+(?: is empty|:\d+:\d+: | is neither)/)
    },
  )

  it('is refused where it belongs to another program', async () => {
    const bytes = await readFile(path)
    // The name of the table, in the schema.
    const text = bytes.toString('latin1').replaceAll('CREATE TABLE "monitor"', 'CREATE TABLE "monitex"')
    await writeFile(path, Buffer.from(text.replaceAll('monitormonitor', 'monitexmonitex'), 'latin1'))
    await expect(imported(path)).rejects.toThrow(/has no monitors of Uptime Kuma|is damaged/)
  })
})

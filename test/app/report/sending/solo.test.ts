import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { pino } from 'pino'
import { sentReports } from '../../../../src/app/report/sending/book.ts'
import { mailOfExporter } from '../../../../src/app/report/sending/make-mail.ts'
import { sendNow } from '../../../../src/app/report/sending/send-now.ts'
import { lastDue } from '../../../../src/app/report/sending/times.ts'
import { notifyTypes } from '../../../../src/app/channels.ts'
import { startSolo, type Solo } from '../../../../src/app/solo/solo.ts'
import { loadNotify } from '../../../../src/config/notify/load.ts'
import { openDurableMap } from '../../../../src/lib/io/durable-map.ts'
import { systemClock } from '../../../../src/lib/time/clock.ts'
import { withDatabase } from '../../../support/embedded.ts'
import { smtpPassword, smtpUser, startSmtpPeer, type SmtpPeer } from '../../../support/servers/smtp-peer.ts'
import { tempFolder } from '../../../support/temp-folder.ts'
import { waitFor } from '../../../support/time/wait-for.ts'

const newest = lastDue({ when: 'weekly', timezone: 'UTC' }, Date.now())!.at
const log = pino({ level: 'silent' })
let folder: string
let notifyFile: string
let peer: SmtpPeer
let solo: Solo

const start = (): Promise<Solo> =>
  startSolo(
    {
      configFile: join(folder, 'targets.yml'),
      listenAddress: { host: '127.0.0.1', port: 0 },
      storagePath: folder,
      history: { folder: join(folder, 'history') },
      notify: { file: notifyFile, optional: false },
      externalUrl: new URL('https://probity.example/ops'),
    },
    { log, env: {}, stdout: { write: () => true } },
  )

async function upTo(name: string): Promise<number | undefined> {
  const map = await openDurableMap({ path: join(folder, 'notifier-state.jsonl') })
  const found = sentReports(map).upTo(name)
  await map.close()
  return found
}

beforeAll(async () => {
  folder = await withDatabase(await tempFolder())
  notifyFile = join(folder, 'notify.yml')
  peer = await startSmtpPeer()
  await writeFile(join(folder, 'targets.yml'), 'targets: [{ name: job, heartbeat: 1d }]')
  await writeFile(
    notifyFile,
    `channels:
  mail: { type: email, from: probity@example.org, to: [a@example.com, b@example.com], smtp_host: 127.0.0.1, smtp_port: ${peer.port}, smtp_user: ${smtpUser}, smtp_password: ${smtpPassword}, tls: none }
reports:
  weekly: { every: weekly, match: { team: shop }, channels: mail }
`,
  )
  // It was away when the newest was due.
  const map = await openDurableMap({ path: join(folder, 'notifier-state.jsonl') })
  await map.put([['report/weekly', { upTo: newest - 1 }]])
  await map.close()
  solo = await start()
})

afterAll(() => solo.stop())

it('solo sends at its start what was due while it was away, to each recipient, and not again', async () => {
  await waitFor('the mails', () => peer.mails.length === 2)
  const recipients = new Set(peer.mails.flatMap(({ to }) => to))
  expect(recipients).toEqual(new Set(['a@example.com', 'b@example.com']))
  const count = peer.mails.length
  const [mail] = peer.mails
  expect(mail!.headers.get('subject')![0]).toMatch(/^weekly: \d{4}-W\d\d: 0 vendors$/)
  expect(mail!.parts.get('text/plain')).toMatch(
    /https:\/\/probity\.example\/ops\/api\/v1\/report\?period=\d{4}-W\d\d&time_zone=UTC&match=team%3D%22shop%22&format=html/,
  )
  expect(mail!.parts.get('text/html')).toContain('The whole report</a>')
  await solo.stop()
  expect(await upTo('weekly')).toBe(newest)
  solo = await start()
  await solo.stop()
  solo = await start()
  expect(await sendTo(solo)).toHaveLength(2)
  // Nothing came by itself in between.
  expect(peer.mails).toHaveLength(count + 2)
})

/** As the notifier asks an exporter, and `probity report send` sends. */
async function sendTo({ url }: Solo) {
  const config = await loadNotify(notifyFile, { env: {}, types: notifyTypes })
  const makeMail = mailOfExporter({ url: new URL(url) })
  const { period, sent } = await sendNow(
    { config, name: 'weekly', period: '2026-W44', makeMail, externalUrl: undefined },
    { clock: systemClock, env: {}, log },
  )
  expect(period).toBe('2026-W44')
  return sent.filter(({ failure }) => failure === undefined)
}

it('a report that is not there is named', async () => {
  const config = await loadNotify(notifyFile, { env: {}, types: notifyTypes })
  const asked = sendNow(
    {
      config,
      name: 'weekli',
      period: undefined,
      makeMail: mailOfExporter(undefined),
      externalUrl: undefined,
    },
    { clock: systemClock, env: {}, log },
  )
  await expect(asked).rejects.toThrow('there is no report "weekli" (did you mean weekly?): there are weekly')
})

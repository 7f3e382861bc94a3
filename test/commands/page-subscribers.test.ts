import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, expect, it } from 'vitest'
import { startProgram, type Program } from '../../scripts/stack/process.ts'
import { withDatabase } from '../support/embedded.ts'
import { probity } from '../support/programs/probity.ts'
import { smtpPassword, smtpUser, startSmtpPeer, type SmtpPeer } from '../support/servers/smtp-peer.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/time/wait-for.ts'

let folder: string
let program: Program | undefined
let url: string

/** What a command prints, and whether it complains. */
async function run(...args: string[]): Promise<string> {
  const given = [...probity, 'page', 'subscribers', ...args, '--storage.path', 'data']
  const { stdout, stderr } = await promisify(execFile)(process.execPath, given, {
    env: { PATH: process.env['PATH'] },
    cwd: folder,
  }).catch((error: unknown) => error as { stdout: string; stderr: string })
  return stdout + stderr
}

async function start(): Promise<void> {
  const args = ['--web.listen-address', '127.0.0.1:0', '--calls.listen-address', '127.0.0.1:0']
  const files = ['--config.file', 'targets.yml', '--notify.file', 'notify.yml', '--storage.path', 'data']
  const external = ['--web.external-url', 'https://status.example', '--log.format', 'json']
  program = startProgram('solo', process.execPath, [...probity, 'solo', ...args, ...files, ...external], {
    env: { PATH: process.env['PATH'] },
    cwd: folder,
  })
  const { output } = program
  url = await waitFor('the program', () => /"url":"([^"]+)"[^\n]*is listening/.exec(output())?.[1], 60_000)
  await waitFor(
    'the form',
    async () => (await (await fetch(`${url}/public/`)).text()).includes('subscribe'),
    30_000,
  )
}

async function enter(address: string): Promise<void> {
  const answer = await fetch(`${url}/public/subscribe`, {
    method: 'POST',
    body: new URLSearchParams({ address }),
  })
  expect(answer.status).toBe(200)
}

async function confirm(peer: SmtpPeer, index: number): Promise<number> {
  await waitFor('the link', () => peer.mails.length > index, 15_000)
  const text = peer.mails[index]!.parts.get('text/plain') ?? ''
  const link = /https:\/\/status\.example(\S+subscription\?t=\S+)/.exec(text)?.[1] ?? ''
  return (await fetch(`${url}${link}`, { method: 'POST' })).status
}

afterEach(() => program?.stop('SIGKILL'))

it('lists, exports and removes subscribers, who outlive a process that is killed', async () => {
  folder = await tempFolder()
  await withDatabase(join(folder, 'data'))
  const peer = await startSmtpPeer()
  await writeFile(
    join(folder, 'targets.yml'),
    'web: { public: [{ path: /public, targets: shop, subscribe: { channel: mail } }] }\ntargets: [{ name: shop, heartbeat: 1d }]\n',
  )
  await writeFile(
    join(folder, 'notify.yml'),
    `channels:\n  mail: { type: email, from: s@example.org, to: ops@example.org, smtp_host: 127.0.0.1, smtp_port: ${peer.port}, smtp_user: ${smtpUser}, smtp_password: ${smtpPassword}, tls: none }\n`,
  )
  await start()
  expect(await run('list')).toBe('there are no subscribers\n')
  await enter('anna@example.org')
  expect(await confirm(peer, 0)).toBe(200)
  await enter('bob@example.org')
  await waitFor('the second link', () => peer.mails.length === 2, 15_000)
  await program?.stop('SIGKILL')

  await start()
  expect(await run('list')).toMatch(
    /^\/public {2}anna@example\.org {2}since 20\S+\n\/public {2}bob@example\.org {2}not confirmed, asked 20\S+\n$/,
  )
  // A link that was sent before the process was killed.
  expect(await confirm(peer, 1)).toBe(200)
  const { status } = await fetch(`${url}/api/v1/subscribers`)
  expect(status).toBe(401)
  expect(await run('remove', 'carol@example.org')).toBe('carol@example.org is not a subscriber\n')
  expect(await run('remove', 'BOB@example.org', '--page', '/public/')).toMatch(
    /^removed \/public {2}bob@example\.org {2}since/,
  )
  await program?.stop('SIGTERM')

  expect(JSON.parse(await run('export', 'anna@example.org'))).toEqual({
    subscribers: [
      {
        page: '/public',
        address: 'anna@example.org',
        askedAt: expect.stringMatching(/^20/),
        confirmedAt: expect.stringMatching(/^20/),
      },
    ],
  })
  expect(await run('list')).not.toContain('bob')
})

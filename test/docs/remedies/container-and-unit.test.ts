import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { describeWithTool } from '../../support/programs/tools.ts'
import { startHttpPeer } from '../../support/servers/http-peer.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { blockOf, recipe } from './page.ts'

/** Allows what the page's rule names, as `sudo -n` does. */
function sudo(): string {
  const [, allowed = ''] = /NOPASSWD: (.+)\n/.exec(blockOf('sudoers', 'restart-container')) ?? []
  return `#!/bin/sh
[ "$1" = -n ] && shift
program=$1; shift
[ "/usr/local/lib/probity/\${program##*/} $*" = "${allowed}" ] || { echo "sudo: a password is required" >&2; exit 1; }
exec "$program" "$@"
`
}

describeWithTool(['docker'], 'docs/remedies.md: a container', () => {
  it('is restarted by Docker’s client, through the rule of sudo', async () => {
    const daemon = await startHttpPeer(({ path, method }) => {
      if (path === '/_ping') return { status: 200, headers: { 'Api-Version': '1.43' } }
      const json = { 'Content-Type': 'application/json' }
      if (method === 'GET' && path.endsWith('/containers/shop/json'))
        return { status: 200, headers: json, body: '{"Id":"1","Name":"/shop","State":{"Status":"exited","ExitCode":137}}' }
      if (method === 'POST' && path.endsWith('/containers/shop/restart?t=10')) return { status: 204 }
      return { status: 404, headers: json, body: '{"message":"no such container"}' }
    })
    const options = {
      script: 'restart-container',
      channel: 'restart-shop',
      programs: { sudo: sudo() },
      env: { DOCKER_HOST: daemon.url.replace('http', 'tcp') },
    }
    const { run, folder } = await recipe(options)
    expect(await run()).toMatchObject({ outcome: 'succeeded', repairs: true, output: 'it was exited, exit code 137\nshop' })
    expect(daemon.received.map(({ method, path }) => `${method} ${path}`)).toContain('POST /v1.43/containers/shop/restart?t=10')
    const other = [`${folder}/restart-container`, 'database']
    await expect(promisify(execFile)(`${folder}/sudo`, ['-n', ...other])).rejects.toThrow(/a password is required/)
  })
}, { optional: true })

describeWithTool(['visudo'], 'docs/remedies.md: the rule of sudo', () => {
  it('is valid', async () => {
    const file = join(await tempFolder(), 'probity')
    await writeFile(file, blockOf('sudoers', 'restart-container'), { mode: 0o440 })
    await promisify(execFile)('visudo', ['-cf', file])
  })
})

const systemctl = `#!/bin/sh
echo "$*" >> "\${0%/*}/asked"
[ "$1" != is-active ] || echo active
`

it('docs/remedies.md: a unit is restarted, and its state is printed', async () => {
  const { run, folder } = await recipe({ script: 'restart-unit', channel: 'restart-shop', programs: { systemctl } })
  expect(await run()).toMatchObject({ outcome: 'succeeded', output: 'active' })
  expect(await readFile(join(folder, 'asked'), 'utf8')).toBe('restart shop.service\nis-active shop.service\n')
})

it('docs/remedies.md: a unit that does not start is a run that failed', async () => {
  const { run } = await recipe({
    script: 'restart-unit',
    channel: 'restart-shop',
    programs: { systemctl: '#!/bin/sh\necho "Job for shop.service failed"; exit 1\n' },
  })
  expect(await run()).toMatchObject({ outcome: 'exit', exitCode: 1, output: 'Job for shop.service failed' })
})

it('docs/remedies.md: the rule of polkit allows to restart one unit, and nothing else', () => {
  type Rule = (action: object, subject: { user: string }) => string | undefined
  const rules: Rule[] = []
  const polkit = { addRule: (rule: Rule) => rules.push(rule), Result: { YES: 'yes' } }
  runInNewContext(blockOf('js', 'polkit.addRule'), { polkit })
  const decide = (unit: string, verb: string, user = 'probity-solo', id = 'org.freedesktop.systemd1.manage-units') =>
    rules[0]?.({ id, lookup: (name: string) => (name === 'unit' ? unit : verb) }, { user })
  expect(decide('shop.service', 'restart')).toBe('yes')
  expect(decide('shop.service', 'stop')).toBeUndefined()
  expect(decide('ssh.service', 'restart')).toBeUndefined()
  expect(decide('shop.service', 'restart', 'somebody')).toBeUndefined()
  expect(decide('shop.service', 'restart', 'probity-solo', 'org.freedesktop.login1.reboot')).toBeUndefined()
})

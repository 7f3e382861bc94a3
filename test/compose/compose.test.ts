import { describe, expect, it } from 'vitest'
import { readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parse } from 'yaml'
import { exporterCommand } from '../../src/commands/exporter.ts'
import { notifierCommand } from '../../src/commands/notifier.ts'

interface Service {
  image: string
  command: string[]
  user?: string
  group_add?: string[]
  entrypoint?: string[]
  env_file?: { path: string }[]
  environment?: Record<string, string>
  restart?: string
  read_only?: boolean
  tmpfs?: string[]
  cap_drop?: string[]
  security_opt?: string[]
  mem_limit?: string
  pids_limit?: number
  logging?: { options: Record<string, string> }
  healthcheck?: { test?: string[]; disable?: boolean }
  ports?: string[]
  volumes?: (string | { type: string; source: string; target: string; read_only?: boolean })[]
  depends_on?: Record<string, { condition: string }>
}

const root = join(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const compose = parse(read('docker-compose.yml'), { merge: true }) as {
  services: Record<string, Service>
  volumes: Record<string, unknown>
  networks: Record<string, { ipam: { config: { subnet: string }[] } }>
  'x-notify-environment': Record<string, unknown>
}
const services = Object.entries(compose.services)
/** Those that end when they have done their work. */
const oneShot = new Set(services.filter(([, { restart }]) => restart === 'no').map(([name]) => name))

/** Mounts as source, target and whether they can be written. */
function mounts({ volumes = [] }: Service): { source: string; target: string; readOnly: boolean }[] {
  return volumes.map((volume) => {
    if (typeof volume !== 'string') return { ...volume, readOnly: volume.read_only === true }
    const [source = '', target = '', mode] = volume.split(':')
    return { source, target, readOnly: mode === 'ro' }
  })
}

describe.each(services)('the service %s', (name, service) => {
  it('has no more rights than it needs', () => {
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    })
    expect(service.tmpfs).toContain('/tmp')
    expect(service.user).toMatch(/^(node|postgres|[1-9]\d*:[1-9]\d*)$/)
  })

  it('is bounded in memory, processes and logs', () => {
    expect(service.mem_limit).toMatch(/\d[mg]\}?$/)
    expect(service.pids_limit).toBeGreaterThan(0)
    expect(service.logging?.options).toEqual({ 'max-size': '10m', 'max-file': '3' })
  })

  it('says whether it is healthy and starts again, or ends', () => {
    if (oneShot.has(name)) expect(service.healthcheck).toEqual({ disable: true })
    else expect(service.healthcheck?.test?.[0]).toBe('CMD')
    expect(service.restart).toBe(oneShot.has(name) ? 'no' : 'unless-stopped')
  })

  it('is reachable from this machine only', () => {
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\$\{\w+:-\d+\}:\d+(\/udp)?$/)
  })

  it('has an image of one version', () => {
    expect(service.image).toMatch(/^(probity:local|[\w./-]+:v?\d+[\w.-]*)$/)
  })

  it('starts after what it needs is healthy', () => {
    for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
      expect(Object.keys(compose.services)).toContain(other)
      expect(condition).toBe(oneShot.has(other) ? 'service_completed_successfully' : 'service_healthy')
    }
  })

  it('gets folders of this repository, read-only, and declared volumes', () => {
    for (const { source, readOnly } of mounts(service)) {
      if (source.startsWith('./')) {
        expect(readOnly).toBe(true)
        expect(statSync(join(root, source)).isDirectory()).toBe(true)
      } else {
        expect(Object.keys(compose.volumes)).toContain(source)
      }
    }
  })
})

describe('docker-compose.yml', () => {
  it('declares no volume that nothing uses', () => {
    const used = new Set(services.flatMap(([, service]) => mounts(service).map(({ source }) => source)))
    expect(Object.keys(compose.volumes).filter((name) => !used.has(name))).toEqual([])
  })

  it.each([
    ['exporter', exporterCommand()],
    ['notifier', notifierCommand()],
  ])('starts the %s with flags that it has', (name, { options }) => {
    const [command, ...flags] = compose.services[name]!.command
    expect(command).toBe(name)
    const known = options.map(({ long }) => long)
    expect(flags.map((flag) => flag.split('=')[0]).filter((flag) => !known.includes(flag))).toEqual([])
  })

  it('gives Alertmanager the token of the notifier, where its configuration looks for it', () => {
    const { notifier, alertmanager } = compose.services
    const config = parse(read('alertmanager/alertmanager.yml')) as {
      receivers: {
        webhook_configs?: { http_config: { authorization: { credentials_file: string } } }[]
      }[]
    }
    const [webhook] = config.receivers.flatMap(({ webhook_configs = [] }) => webhook_configs)
    const file = webhook?.http_config.authorization.credentials_file
    expect(notifier!.command).toContain(`--web.bearer-token-file=${file}`)
    const shared = [notifier!, alertmanager!].map((service) =>
      mounts(service).find(({ target }) => file?.startsWith(`${target}/`)),
    )
    expect(shared).toMatchObject([
      { source: 'notifier-secret', readOnly: false },
      { source: 'notifier-secret', readOnly: true },
    ])
    expect(notifier!.user).toBe(alertmanager!.user)
  })

  it('gives the exporter the database, with the user and the password that it has, and does not wait for it', () => {
    const { exporter, postgres } = compose.services
    const { POSTGRES_USER: user, POSTGRES_PASSWORD_FILE: file, POSTGRES_DB: name } = postgres!.environment!
    expect(exporter!.environment!.DATABASE_URL).toBe(`postgres://${user}@postgres:5432/${name}`)
    expect(exporter!.environment!.DATABASE_PASSWORD_FILE).toBe(file)
    expect(Object.keys(exporter!.depends_on!)).toEqual(['secrets'])
    const folder = exporter!.environment!.PROBITY_STORAGE_PATH
    expect(mounts(exporter!)).toContainEqual({ source: 'exporter', target: folder, readOnly: false })
    expect(read('Dockerfile')).toContain(`-o node -g node -m 0750 ${folder}\n`)
  })

  it('makes its own passwords, and gives each to those who need it, and to nobody else', () => {
    const { secrets } = compose.services
    expect(secrets!.entrypoint).toEqual(['node', 'bin/secrets.cjs'])
    const made = secrets!.command.map((pair) => pair.split('='))
    expect(Object.keys(secrets!.environment!)).toEqual(made.map(([name]) => name))
    const group = secrets!.user!.split(':')[1]!
    const folders = made.map(([, file]) => dirname(file!))
    expect(read('Dockerfile')).toContain(`-g ${group} -m 2750 ${folders.join(' ')}\n`)
    const readers = folders.map((folder) =>
      services
        .filter(
          ([name, service]) => name !== 'secrets' && mounts(service).some(({ target }) => target === folder),
        )
        .map(([name, { group_add: groups }]) => [name, groups]),
    )
    expect(readers).toEqual([
      ['exporter', 'grafana', 'postgres'].map((name) => [name, [group]]),
      [['grafana', [group]]],
    ])
    expect(compose.services.grafana!.environment!.GF_SECURITY_ADMIN_PASSWORD__FILE).toBe(made[1]![1])
    expect(read('docker-compose.yml')).not.toMatch(/PASSWORD:-/)
  })

  it('gives each service the variables that it needs, and not all of .env', () => {
    const files = services.flatMap(([name, { env_file: some = [] }]) => some.map(({ path }) => [name, path]))
    expect(files).toEqual([
      ['exporter', 'targets.env'],
      ['alertmanager-config', 'notify.env'],
      ['notifier', 'notify.env'],
    ])
    for (const [, path] of files) expect(read('.gitignore').split('\n')).toContain(path)
    const notify = Object.keys(compose['x-notify-environment'])
    for (const [name, { environment = {} }] of services) {
      const given = Object.keys(environment).filter((one) => notify.includes(one))
      expect([name, given]).toEqual([name, ['alertmanager-config', 'notifier'].includes(name) ? notify : []])
    }
  })

  it('lets its services ask each other by name', () => {
    const { exporter, notifier } = compose.services
    const used = [
      ...read('prometheus/prometheus.yml').matchAll(/\b(exporter|notifier):\d+/g),
      ...JSON.stringify(notifier!.environment).matchAll(/\/(exporter|notifier):\d+/g),
    ].map(([, name]) => name)
    expect(new Set(used)).toEqual(new Set(['exporter', 'notifier']))
    expect(exporter!.environment!.PROBITY_WEB_ALLOWED_HOSTS).toMatch(/^exporter,/)
    expect(notifier!.environment!.PROBITY_WEB_ALLOWED_HOSTS).toBe('notifier')
  })

  it('lets its own network send calls, which has a fixed range', () => {
    const [range] = compose.networks.default!.ipam.config
    expect(compose.services.exporter!.command).toContain(`--calls.allow-networks=${range!.subnet}`)
  })

  it('and .env.example name the same settings, with the same defaults', () => {
    const used = [...read('docker-compose.yml').matchAll(/\$\{(\w+):-([^}]*)\}/g)].map(
      ([, name, value]) => `${name}=${value}`,
    )
    const documented = [...read('.env.example').matchAll(/^# ([A-Z][A-Z_]*=\S+)$/gm)].map(([, row]) => row)
    const own = new Set(Object.keys(compose['x-notify-environment']))
    const settings = documented.filter((row) => !own.has(row!.split('=')[0]!))
    expect(settings.sort()).toEqual([...new Set(used)].sort())
  })

  it('and .env.example name what config/notify.yml is filled in with', () => {
    const names = Object.keys(compose['x-notify-environment']).filter((name) => name !== 'HEARTBEAT_URL')
    const filledIn = [...read('config/notify.yml').matchAll(/'\$\{(\w+)(?::-[^}]*)?\}'/g)].map(
      ([, name]) => name,
    )
    expect([...new Set(filledIn)].sort()).toEqual(names.sort())
    for (const name of names) expect(read('.env.example')).toContain(`# ${name}=`)
  })
})

describe('Dockerfile', () => {
  const lines = read('Dockerfile').split('\n')

  it('builds and runs on the same version of Node.js', () => {
    const bases = lines.filter((line) => line.startsWith('FROM ')).map((line) => line.split(' ')[1])
    expect(bases).toHaveLength(2)
    expect(new Set(bases)).toEqual(new Set(['node:24-bookworm-slim']))
  })

  it('does not run as root', () => {
    expect(lines.filter((line) => line.startsWith('USER '))).toEqual(['USER node'])
  })

  it('says whether it is healthy without a shell, and what it was made of', () => {
    const text = lines.join('\n')
    const check = /^HEALTHCHECK .*CMD (\[.*\])$/m.exec(text)?.[1] ?? '[]'
    const [program, path] = JSON.parse(check) as string[]
    expect(program).toBe('node')
    expect(statSync(join(root, path!.replace('/app/', ''))).isFile()).toBe(true)
    for (const label of ['version', 'revision', 'source', 'licenses'])
      expect(text).toContain(`org.opencontainers.image.${label}=`)
  })

  it('copies only what .dockerignore lets in', () => {
    const copied = lines
      .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
      .flatMap((line) => line.split(' ').slice(1, -1))
      .map((path) => path.split('/')[0])
    const ignore = read('.dockerignore').split('\n')
    expect(ignore).toContain('*')
    expect(ignore.filter((line) => line.startsWith('!')).sort()).toEqual(
      [...new Set(copied)].map((path) => `!${path}`).sort(),
    )
  })
})

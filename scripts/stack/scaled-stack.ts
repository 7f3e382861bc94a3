import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePorts, startProgram, untilReady, type Program } from './process.ts'
import type { Place } from './namespaces.ts'
import { render, renderShippedFiles, root } from './shipped-files.ts'

export interface ScaledStackOptions {
  /** Where data and rendered files go. */
  readonly folder: string
  readonly configFile: string
  /** One exporter for each. */
  readonly locations: readonly string[]
  /** How many agents share the targets. */
  readonly shards: number
  /** By how much the shipped timers are divided. Default 1. */
  readonly speedUp?: number
  readonly prometheus: string
  readonly victoriaMetrics: string
  /** `host:port` of an Alertmanager. Default: none. */
  readonly alertmanager?: string
  /** Where the exporters run, one for each location. Default: on loopback, like everything else. */
  readonly places?: readonly Pick<Place, 'host' | 'within'>[]
}

/** What deploy/scale describes, without containers, on loopback. */
export interface ScaledStack {
  readonly url: Readonly<Record<string, string>>
  readonly program: (name: string) => Program
  readonly start: (name: string) => Promise<void>
  readonly stop: () => Promise<void>
}

/** Starts exporters, agents, VictoriaMetrics and the ruler (by the names `exporter-0`, `agent-0`, `victoria-metrics`, `ruler`). */
export async function startScaledStack(options: ScaledStackOptions): Promise<ScaledStack> {
  const { folder, locations, shards, speedUp = 1, prometheus, victoriaMetrics } = options
  const exporters = locations.map((_, index) => `exporter-${index}`)
  const agents = Array.from({ length: shards }, (_, index) => `agent-${index}`)
  const names = [...exporters, ...agents, 'victoria-metrics', 'ruler']
  const ports = await freePorts(names)
  const placeOf = (name: string) => options.places?.[exporters.indexOf(name)]
  const address = (name: string): string => `${placeOf(name)?.host ?? '127.0.0.1'}:${ports[name] ?? 0}`
  await mkdir(folder, { recursive: true })
  await renderShippedFiles(['prometheus'], folder, { speedUp, replace: {} })
  async function renderFiles(): Promise<void> {
    const replace = {
      'victoria-metrics:8428': address('victoria-metrics'),
      'prometheus:9090': address('ruler'),
      '/etc/prometheus/rules': join(folder, 'prometheus/rules'),
      'localhost:9090': address('ruler'),
      'alertmanager:9093': options.alertmanager ?? address('alertmanager'),
      "      - { targets: ['exporter:9740'] }\n": exporters
        .map(
          (name, index) =>
            `      - { targets: ['${address(name)}'], labels: { location: ${locations[index] ?? ''} } }\n`,
        )
        .join(''),
      "'agent-0:9090', 'agent-1:9090'": agents.map((name) => `'${address(name)}'`).join(', '),
      '      - url: http://exporter:9740/sd\n        refresh_interval: 5s\n': exporters
        .map((name) => `      - url: http://${address(name)}/sd\n        refresh_interval: 1s\n`)
        .join(''),
    }
    const read = async (name: string): Promise<string> =>
      render(await readFile(join(root, 'deploy/scale', name), 'utf8'), { speedUp, replace })
    await mkdir(join(folder, 'rules'), { recursive: true })
    await writeFile(join(folder, 'rules/agents.yml'), await read('rules/agents.yml'))
    await writeFile(join(folder, 'ruler.yml'), await read('ruler.yml'))
    for (const [shard, name] of agents.entries())
      await writeFile(join(folder, `${name}.yml`), shardOf(await read('agent.yml'), shard, shards))
  }

  await renderFiles()
  const isOld = await isPrometheus2(prometheus)
  const commands = new Map<string, readonly [string, ...string[]]>([
    ...exporters.map(
      (name, index) =>
        [
          name,
          [
            ...(placeOf(name)?.within ?? []),
            ...[process.execPath, join(root, 'bin/probity.cjs'), 'exporter'],
            ...[`--config.file=${options.configFile}`, `--web.listen-address=${address(name)}`],
            ...[`--location=${locations[index] ?? ''}`, '--calls.listen-address=127.0.0.1:0'],
          ] as [string, ...string[]],
        ] as const,
    ),
    ...agents.map(
      (name) =>
        [
          name,
          [
            prometheus,
            isOld ? '--enable-feature=agent' : '--agent',
            `--config.file=${join(folder, `${name}.yml`)}`,
            `--storage.agent.path=${join(folder, name)}`,
            `--web.listen-address=${address(name)}`,
          ] as [string, ...string[]],
        ] as const,
    ),
    [
      'victoria-metrics',
      [
        victoriaMetrics,
        `-storageDataPath=${join(folder, 'victoria-metrics')}`,
        `-httpListenAddr=${address('victoria-metrics')}`,
        ...victoriaMetricsFlags,
      ],
    ],
    [
      'ruler',
      [
        prometheus,
        `--config.file=${join(folder, 'ruler.yml')}`,
        `--storage.tsdb.path=${join(folder, 'ruler')}`,
        '--storage.tsdb.retention.time=40d',
        '--web.enable-remote-write-receiver',
        `--web.listen-address=${address('ruler')}`,
      ],
    ],
  ])
  const running = new Map<string, Program>()
  const start = async (name: string): Promise<void> => {
    const [command, ...args] = commands.get(name) ?? ['']
    const program = startProgram(name, command, args)
    running.set(name, program)
    const ready = name === 'victoria-metrics' ? 'health' : '-/ready'
    await untilReady(program, `http://${address(name)}/${ready}`)
  }
  const stop = async (): Promise<void> => {
    await Promise.all([...running.values()].map((program) => program.stop()))
  }
  try {
    await Promise.all([...exporters, 'victoria-metrics'].map(start))
    await start('ruler')
    await Promise.all(agents.map(start))
  } catch (error) {
    await stop()
    throw error
  }
  return {
    url: Object.fromEntries(names.map((name) => [name, `http://${address(name)}`])),
    program: (name) => running.get(name)!,
    start,
    stop,
  }
}

/** The flags of VictoriaMetrics in deploy/scale/compose.yml, apart from paths. */
export const victoriaMetricsFlags = [
  '-retentionPeriod=400d',
  '-search.maxStalenessInterval=5m',
  '-search.latencyOffset=5s',
] as const

/** What deploy/scale/compose.yml makes of agent.yml. */
export function shardOf(text: string, shard: number, shards: number): string {
  return text.replaceAll(/: SHARDS$/gm, `: ${shards}`).replaceAll(/: SHARD$/gm, `: ${shard}`)
}

async function isPrometheus2(prometheus: string): Promise<boolean> {
  const program = startProgram('prometheus', prometheus, ['--version'])
  await program.exited
  return /version 2\./.test(program.output())
}

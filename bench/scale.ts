import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { freePorts } from '../scripts/stack/process.ts'
import { startScaledStack, type ScaledStack } from '../scripts/stack/scaled-stack.ts'
import { waitFor } from '../test/support/time/wait-for.ts'
import { cpuSeconds } from './cpu.ts'
import { startNginx } from './nginx.ts'
import type { Measurement } from './run.ts'

const intervalSeconds = 15

/** In which code gets hot, and the ruler has judged every target a few times. */
const warmUpMs = 60_000

/**
 * What deploy/scale takes: an exporter, two agents, VictoriaMetrics and the ruler, on one machine, with 1,000 targets every 15 s, or as
 * many as the first argument says, for 3 minutes, or as many as the second says. Needs a build, nginx, Prometheus and VictoriaMetrics
 * (PROBITY_VICTORIA_METRICS names another program).
 */
export async function scaleBenchmark(): Promise<Measurement[]> {
  const count = Number(process.argv[3] ?? 1000)
  const minutes = Number(process.argv[4] ?? 3)
  const folder = await mkdtemp(join(tmpdir(), 'probity-bench-'))
  const nginx = await startNginx(folder, await freePorts(['http', 'https']))
  const configFile = join(folder, 'targets.yml')
  const targets = Array.from({ length: count }, (_, n) => ({ name: `target-${n}`, url: nginx.http }))
  await writeFile(configFile, JSON.stringify({ defaults: { interval: `${intervalSeconds}s` }, targets }))
  const stack = await startScaledStack({
    folder,
    configFile,
    locations: ['here'],
    shards: 2,
    prometheus: process.env['PROBITY_PROMETHEUS'] ?? 'prometheus',
    victoriaMetrics: process.env['PROBITY_VICTORIA_METRICS'] ?? 'victoria-metrics',
  })
  try {
    const isComplete = async (): Promise<boolean> =>
      (await query(stack, 'victoria-metrics', 'count(probe:state)')) > 0.99 * count
    await waitFor('nearly every target is judged', isComplete, 300_000).catch(async (cause: unknown) => {
      throw new Error(`not every target is judged: ${await progress(stack)}`, { cause })
    })
    await wait(warmUpMs)
    return await measure(stack, count, minutes, folder)
  } finally {
    await stack.stop()
    await nginx.stop()
    await rm(folder, { recursive: true })
  }
}

/** How far each of the programs has come, to find the one that holds up the others. */
async function progress(stack: ScaledStack): Promise<string> {
  const asked: readonly (readonly [what: string, of: string, promql: string])[] = [
    ['scraped (VictoriaMetrics)', 'victoria-metrics', 'count(up{target!=""})'],
    ['scraped with success (VictoriaMetrics)', 'victoria-metrics', 'sum(up{target!=""})'],
    ['with a result (VictoriaMetrics)', 'victoria-metrics', 'count(probe_success)'],
    ['with a result (ruler)', 'ruler', 'count(probe_success)'],
    ['results that succeeded (ruler)', 'ruler', 'sum(probe_success)'],
    ['judged (ruler)', 'ruler', 'count(probe:state)'],
    ['judged (VictoriaMetrics)', 'victoria-metrics', 'count(probe:state)'],
    ['longest scrape, s', 'victoria-metrics', 'max(scrape_duration_seconds{target!=""})'],
    ['longest group of rules, s', 'ruler', 'max(prometheus_rule_group_last_duration_seconds)'],
    ['evaluations of rules left out', 'ruler', 'sum(prometheus_rule_group_iterations_missed_total)'],
    ['evaluations of rules that failed', 'ruler', 'sum(prometheus_rule_evaluation_failures_total)'],
    [
      'seconds that agents are behind',
      'ruler',
      'max(time() - prometheus_remote_storage_queue_highest_sent_timestamp_seconds)',
    ],
  ]
  const values = await Promise.all(
    asked.map(async ([what, of, promql]) => `${what}: ${await query(stack, of, promql).catch(() => NaN)}`),
  )
  return values.join(', ')
}

const programs = ['exporter-0', 'agent-0', 'agent-1', 'ruler', 'victoria-metrics'] as const

async function measure(
  stack: ScaledStack,
  count: number,
  minutes: number,
  folder: string,
): Promise<Measurement[]> {
  const pidOf = (name: string): number => stack.program(name).pid
  const before = await Promise.all(programs.map((name) => cpuSeconds(pidOf(name))))
  const rowsBefore = await query(stack, 'victoria-metrics', 'sum(vm_rows_inserted_total)')
  const seconds = minutes * 60
  await wait(seconds * 1000)
  const after = await Promise.all(programs.map((name) => cpuSeconds(pidOf(name))))
  const rows = (await query(stack, 'victoria-metrics', 'sum(vm_rows_inserted_total)')) - rowsBefore
  const ofEach = await Promise.all(
    programs.map(async (name, index): Promise<Measurement[]> => [
      {
        what: `${name}: part of one core`,
        value: (((after[index] ?? 0) - (before[index] ?? 0)) / seconds) * 100,
        unit: '%  ',
      },
      { what: `${name}: resident memory`, value: await residentMib(pidOf(name)), unit: 'MiB' },
    ]),
  )
  const inRuler = 'count({__name__=~"probe_.*|up|scrape_duration_seconds",target!=""})'
  return [
    { what: 'targets', value: count, unit: '   ' },
    { what: 'samples stored in VictoriaMetrics', value: rows / seconds, unit: '/s ' },
    {
      what: 'series of a target that agents send to VictoriaMetrics',
      value: (await query(stack, 'victoria-metrics', 'count({__name__!~".*:.*",target!=""})')) / count,
      unit: '   ',
    },
    {
      what: 'of these, to the ruler',
      value: (await query(stack, 'ruler', inRuler)) / count,
      unit: '   ',
    },
    {
      what: 'series of a target that rules record',
      value: (await query(stack, 'ruler', 'count({__name__=~"probe:.*"})')) / count,
      unit: '   ',
    },
    ...ofEach.flat(),
    {
      what: 'the longest group of rules, of the 15 s that it has',
      value: await query(stack, 'ruler', 'max(prometheus_rule_group_last_duration_seconds)'),
      unit: 's  ',
    },
    {
      what: 'evaluations of rules left out',
      value: await query(stack, 'ruler', 'sum(prometheus_rule_group_iterations_missed_total)'),
      unit: '   ',
    },
    { what: 'VictoriaMetrics on disk', value: await mibIn(join(folder, 'victoria-metrics')), unit: 'MiB' },
    { what: 'ruler on disk', value: await mibIn(join(folder, 'ruler')), unit: 'MiB' },
  ]
}

async function query(stack: ScaledStack, name: string, promql: string): Promise<number> {
  const parameters = new URLSearchParams({ query: promql }).toString()
  const response = await fetch(`${stack.url[name] ?? ''}/api/v1/query?${parameters}`)
  const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } }
  return Number(data.result[0]?.value[1] ?? NaN)
}

async function residentMib(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? NaN) / 1024
}

async function mibIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      // A file may be merged into another one meanwhile.
      .map(({ parentPath, name }) =>
        stat(join(parentPath, name)).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
  )
  return sizes.reduce((sum, size) => sum + size, 0) / 1024 / 1024
}

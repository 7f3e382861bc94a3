import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { freePorts, startProgram, untilReady } from '../scripts/stack/process.ts'
import {
  ask,
  promDashboards,
  defaultValues,
  openingRange,
  queriesOf,
  type TimeRange,
} from '../test/support/grafana.ts'
import { prometheusApi, type PrometheusApi } from '../test/support/programs/prometheus-api.ts'
import { waitFor } from '../test/support/time/wait-for.ts'
import { targetCount, writeBlocks } from './dashboards-data.ts'
import type { Measurement } from './run.ts'

const runs = 9
const blockSeconds = 7200
const monthSeconds = 30 * 86_400

/** What every panel of every dashboard costs Prometheus: as it opens, and with 30 days chosen. */
export async function dashboardsBenchmark(): Promise<Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'probity-bench-'))
  // The first of a list, as the tests take it.
  const program = process.env['PROBITY_PROMETHEUS']?.split(delimiter)[0] ?? 'prometheus'
  try {
    const data = join(folder, 'data')
    await mkdir(data)
    const end = Math.floor(Date.now() / 1000 / blockSeconds) * blockSeconds
    const samples = await writeBlocks(data, end)
    console.log(`${targetCount} targets, ${(samples / 1e6).toFixed(1)} million samples`)
    return await withPrometheus(program, folder, data, (prometheus) => measure(prometheus, end - 1))
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Starts a Prometheus that scrapes nothing, and waits until it has compacted its blocks, as one that ran all the time has. */
async function withPrometheus<T>(
  program: string,
  folder: string,
  data: string,
  use: (prometheus: PrometheusApi) => Promise<T>,
): Promise<T> {
  const { web } = await freePorts(['web'])
  const config = join(folder, 'prometheus.yml')
  await writeFile(config, '{}')
  const url = `http://127.0.0.1:${web}`
  const started = startProgram('prometheus', program, [
    `--config.file=${config}`,
    `--storage.tsdb.path=${data}`,
    '--storage.tsdb.retention.time=40d',
    `--web.listen-address=127.0.0.1:${web}`,
  ])
  try {
    await untilReady(started, `${url}/-/ready`)
    await compacted(url)
    return await use(prometheusApi(url))
  } finally {
    await started.stop()
  }
}

/** 30 days in blocks of at most 4, a tenth of the retention; nothing is compacted any more for two of its rounds. */
async function compacted(url: string): Promise<void> {
  let blocks = ''
  let since = Date.now()
  await waitFor(
    'the compaction of all blocks',
    async () => {
      const text = await (await fetch(`${url}/metrics`)).text()
      const [, now = ''] = /^prometheus_tsdb_blocks_loaded (\d+)$/m.exec(text) ?? []
      if (now !== blocks) since = Date.now()
      blocks = now
      await new Promise((resolve) => setTimeout(resolve, 1000))
      return Number(blocks) < 60 && Date.now() - since > 130_000
    },
    1_800_000,
  )
  console.log(`${blocks} blocks`)
}

async function measure(prometheus: PrometheusApi, now: number): Promise<Measurement[]> {
  const measurements: Measurement[] = []
  for (const dashboard of promDashboards) {
    for (const query of queriesOf(dashboard)) {
      const name = `${dashboard.title}, ${query.panel.title}, ${query.refId}`
      const opening = openingRange(dashboard, query.panel, now)
      const time = async (range: TimeRange, what: string): Promise<void> => {
        const values = await defaultValues(dashboard, prometheus, range)
        const milliseconds: number[] = []
        let found = 0
        for (let run = 0; run <= runs; run += 1) {
          const started = performance.now()
          const { series } = await ask(prometheus, query, values, range)
          if (run > 0) milliseconds.push(performance.now() - started)
          found = series.length
        }
        const value = milliseconds.sort((a, b) => a - b)[Math.floor(runs / 2)]!
        measurements.push({ what: `${name}: ${what}, ${found} series`, value, unit: 'ms' })
      }
      await time(opening, 'as it opens')
      const isLong = opening.to - opening.from >= 3 * 86_400
      if (query.range === true && !isLong && dashboard.uid !== 'probity-self') {
        await time({ from: now - monthSeconds, to: now }, '30 days chosen')
      }
    }
  }
  return measurements
}

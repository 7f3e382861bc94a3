import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSql } from '../src/history/open.ts'
import { migrate } from '../src/history/migrate.ts'
import { insertResults } from '../src/history/write/insert.ts'
import { createLogger } from '../src/lib/logger.ts'
import type { Measurement } from './run.ts'

const targets = 100
const days = 30

/**
 * `probity simulate` and `probity suggest` on 30 days of 100 targets that are checked every minute, with what the built program takes. In
 * the built-in database, or in the one of DATABASE_URL, whose schema `probity` it replaces.
 */
export async function simulateBenchmark(): Promise<Measurement[]> {
  const { DATABASE_URL: databaseUrl } = process.env
  const folder = await mkdtemp(join(tmpdir(), 'probity-bench-'))
  const log = createLogger({ level: 'warn' })
  const place = { folder: join(folder, 'data/history'), ...(databaseUrl !== undefined && { databaseUrl }) }
  try {
    const sql = await openSql({ ...place, log })
    if (databaseUrl !== undefined) await sql.script('drop schema if exists probity cascade')
    await migrate(sql)
    await sql.query(`select probity.make_partitions(now() - interval '40 days', now())`)
    const start = Date.now() - days * 86_400_000
    await insertResults(
      sql,
      Array.from({ length: targets }, (_none, index) => ({
        target: `target-${index}`,
        location: 'default',
        labels: {},
        checked_at: new Date(start).toISOString(),
        duration_seconds: 0.2,
        interval_seconds: 60,
        success: true,
      })),
    )
    // Three failed checks in a row every other day, and ten a week; at night everything is faster.
    await sql.script(`
      insert into probity.probe_results (series_id, checked_at, duration_seconds, interval_seconds, success, reason, message, status)
      select id, to_timestamp(${start / 1000}) + make_interval(mins => minute, secs => id % 60),
        case when minute % 1440 < 480 then 0.1 else 0.25 end + ((minute * 7919 + id) % 1000) / 5000.0, 60, not fails,
        case when fails then 'status' end, case when fails then 'expected 2xx, got 503' end, case when fails then 503 else 200 end
      from probity.series, generate_series(1, ${days * 1440 - 2}) as minute,
        lateral (select (minute + id * 37) % 2880 < 3 or (minute + id * 37) % 10080 between 5000 and 5009 as fails) as outcome
      where target like 'target-%'`)
    await sql.script('analyze')
    const [stored] = await sql.query<{ count: number }>(
      'select count(*)::int as count from probity.probe_results',
    )
    await sql.close()
    const config = join(folder, 'targets.yml')
    const lines = Array.from(
      { length: targets },
      (_none, index) => `  - { name: target-${index}, url: http://127.0.0.1:1/${index}, interval: 1m }`,
    )
    await writeFile(config, `targets:\n${lines.join('\n')}\n`)
    const edited = join(folder, 'new.yml')
    await writeFile(edited, `defaults: { alert_after: 5 }\ntargets:\n${lines.join('\n')}\n`)
    const common = ['--config.file', config, '--storage.path', join(folder, 'data')]
    return [
      {
        what: `checks, ${targets} targets every minute, ${days} days`,
        value: stored?.count ?? NaN,
        unit: 'rows',
      },
      ...(await measured('simulate, two configurations', ['simulate', '--config', edited, ...common])),
      ...(await measured('suggest', ['suggest', ...common])),
    ]
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Reports the most memory that a program had in use, in bytes, and its CPU time, in seconds. */
const reportUsage =
  'data:text/javascript,process.on("exit",()=>{const u=process.resourceUsage();process.stderr.write(`rss=${u.maxRSS*1024} cpu=${(u.userCPUTime+u.systemCPUTime)/1e6}`)})'

async function measured(what: string, args: readonly string[]): Promise<Measurement[]> {
  const start = performance.now()
  const child = spawn(process.execPath, ['--import', reportUsage, 'bin/probity.cjs', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  const seconds = (performance.now() - start) / 1000
  const [, bytes, cpu] = /rss=(\d+) cpu=([\d.]+)/.exec(said) ?? []
  // 3: the edited configuration is quieter.
  if ((code !== 0 && code !== 3) || bytes === undefined) throw new Error(`${what} failed: ${said}`)
  return [
    { what, value: seconds, unit: 's' },
    { what: `${what}: CPU time`, value: Number(cpu), unit: 's' },
    { what: `${what}: memory`, value: Number(bytes) / 1024 ** 2, unit: 'MiB' },
  ]
}

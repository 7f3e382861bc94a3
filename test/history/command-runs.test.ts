import { beforeEach, expect, it } from 'vitest'
import { readCommandRuns } from '../../src/history/reads/command-runs.ts'
import { keepCommandRuns, writeCommandRun } from '../../src/history/write/command-runs.ts'
import { joinNames } from '../../src/history/names.ts'
import { writeReport } from '../../src/history/report/formats.ts'
import { monthPeriod } from '../../src/history/report/period.ts'
import { buildReport } from '../../src/history/report/report.ts'
import { rollUp } from '../../src/history/roll-up.ts'
import type { CheckRow } from '../../src/history/row.ts'
import { forget } from '../../src/history/upkeep.ts'
import { insertRows } from '../../src/history/write/insert.ts'
import type { CommandRun } from '../../src/lib/command-run/run.ts'
import { aRun } from '../support/command-runs.ts'
import { waitFor } from '../support/time/wait-for.ts'
import { onEachDatabase, quiet } from './support/databases.ts'
import { empty, failed, row } from './support/rows.ts'

const day = { from: new Date('2026-11-20T00:00:00Z'), to: new Date('2026-11-21T00:00:00Z') }
const at = (seconds: number): number => Date.parse('2026-11-20T12:00:00Z') + seconds * 1000
const dayMs = 86_400_000

/** Checks every 30 s from 11:59 on: `+` succeeds. */
const checks = (outcomes: string, fields: Partial<CheckRow> = {}): CheckRow[] =>
  Array.from(outcomes, (outcome, index) =>
    outcome === '+' ? row(at(30 * index - 60), fields) : failed(at(30 * index - 60), fields),
  )

/** A run from so many seconds after 12:00 on. */
const from = (seconds: number, fields: Partial<CommandRun> = {}): CommandRun =>
  aRun({ startedAt: new Date(at(seconds)).toISOString(), ...fields })

onEachDatabase('what commands did', (sql) => {
  beforeEach(async () => {
    await empty(sql())
    await sql().query('delete from probity.command_runs')
  })

  const verdicts = async (): Promise<string[]> =>
    (await readCommandRuns(sql(), day)).map(({ verdict, checksAfter }) => `${verdict} ${checksAfter.join()}`)

  it('is read as it was written, the newest first, each once, and forgotten with the hours', async () => {
    const plain = from(10)
    const { exitCode: _, ...killed } = from(70, {
      outcome: 'signal',
      failure: 'was killed by SIGKILL',
      output: 'a\0b\ud800',
      target: 'b',
    })
    for (const run of [plain, killed, plain]) await writeCommandRun(sql(), run)
    const found = await readCommandRuns(sql(), day)
    expect(found).toEqual([
      { ...killed, output: 'a\ufffdb\ufffd', verdict: 'not_helped', checksAfter: [] },
      { ...plain, verdict: 'unknown', checksAfter: [] },
    ])
    expect(await readCommandRuns(sql(), { ...day, targets: ['b'] })).toHaveLength(1)
    expect(await readCommandRuns(sql(), { ...day, limit: 1 })).toHaveLength(1)
    await forget(sql(), at(60) + 400 * dayMs)
    expect(await readCommandRuns(sql(), day)).toEqual([found[0]])
  })

  it.each([
    ['++--++', 'helped true,true'],
    ['++---+', 'not_helped false,true'],
    ['++--+-', 'not_helped true,false'],
    ['++--+', 'unknown true'],
    ['++--', 'unknown '],
    ['++-+++', 'already_fine true,true'],
    ['----++', 'helped true,true'],
  ])(
    '%s around a run from 12:00:40 to 12:00:42 is %s, also when single checks are gone',
    async (seen, verdict) => {
      await insertRows(sql(), checks(seen))
      await insertRows(sql(), checks('++++++++', { location: 'elsewhere' }))
      await writeCommandRun(sql(), from(40))
      expect(await verdicts()).toEqual([verdict])
      await rollUp(sql())
      await sql().query('delete from probity.probe_results')
      const [known] = await verdicts()
      // Of the second check it is known only whether it decides.
      expect(known?.replace('not_helped false', 'not_helped false,true').slice(0, verdict.length)).toBe(
        verdict,
      )
    },
  )

  it('checks of another place, and those after a gap, say nothing', async () => {
    await insertRows(sql(), [...checks('++--'), row(at(3600)), row(at(3630))])
    await insertRows(sql(), checks('++--++', { location: 'elsewhere' }))
    await writeCommandRun(sql(), from(40))
    expect(await verdicts()).toEqual(['unknown '])
    await rollUp(sql())
    await sql().query('delete from probity.probe_results')
    expect(await verdicts()).toEqual(['unknown '])
  })

  it('a check under way when the run began, which then succeeded, was not before it', async () => {
    await insertRows(sql(), [
      ...checks('++-'),
      row(at(39), { duration_seconds: 2 }),
      row(at(60)),
      row(at(90)),
    ])
    await writeCommandRun(sql(), from(40))
    expect(await verdicts()).toEqual(['helped true,true'])
  })

  it('a run that does not say where its alert was seen is judged by all checks', async () => {
    await insertRows(sql(), checks('++--++'))
    await writeCommandRun(sql(), from(40, { location: '' }))
    expect(await verdicts()).toEqual(['helped true,true'])
  })

  it('follows its target to a new name', async () => {
    await insertRows(sql(), checks('++--++'))
    await writeCommandRun(sql(), from(40))
    await rollUp(sql())
    await joinNames(sql(), [{ name: 'new', was: ['a'] }], 'here')
    expect(await readCommandRuns(sql(), { ...day, targets: ['new'] })).toMatchObject([{ verdict: 'helped' }])
  })

  it('waits for a database that is away, and is written at the latest at the end', async () => {
    let isAway = true
    const unreliable = {
      query: <Row>(statement: string, parameters?: readonly unknown[]) =>
        isAway ? Promise.reject(new Error('away')) : sql().query<Row>(statement, parameters),
    }
    const keeper = keepCommandRuns({ sql: unreliable, log: quiet, retryMs: 10 })
    keeper.add(from(1))
    keeper.add(from(2))
    await keeper.stop()
    expect(await readCommandRuns(sql(), day)).toEqual([])
    const later = keepCommandRuns({ sql: unreliable, log: quiet, retryMs: 10 })
    later.add(from(3))
    isAway = false
    await waitFor('it is stored', async () => (await readCommandRuns(sql(), day)).length === 1)
    later.add(from(4))
    await later.stop()
    expect(await readCommandRuns(sql(), day)).toHaveLength(2)
  })

  it('is added up by command in the report, in every format, without becoming markup', async () => {
    const bad = '<b>|*evil*'
    await insertRows(sql(), checks('++--++----++'))
    // The first helped; then one failed by itself, one did not help, one helped, and one came too late.
    const runs = [
      from(40),
      from(220, { outcome: 'exit', exitCode: 1 }),
      from(130),
      from(221),
      from(260),
      from(222, { channel: bad, occasion: 'repeat' }),
      from(223, { occasion: 'end' }),
      from(224, { channel: 'popup', repairs: false }),
      from(225, { vendor: 'other' }),
      from(226, { target: 'unknown' }),
    ]
    for (const run of runs) await writeCommandRun(sql(), run)
    await rollUp(sql())
    const report = await buildReport({
      sql: sql(),
      period: monthPeriod('2026-11', 'UTC'),
      timeZone: 'UTC',
      vendors: new Map(),
      now: at(3600),
    })
    expect(report.vendors).toMatchObject([
      {
        vendor: 'v',
        commands: [
          {
            command: 'restart-shop',
            runs: 5,
            succeeded: 4,
            helped: 2,
            notHelped: 2,
            alreadyFine: 1,
            helpedRatio: 0.5,
          },
          { command: bad, runs: 1, succeeded: 1, helped: 1, notHelped: 0, alreadyFine: 0, helpedRatio: 1 },
        ],
      },
    ])
    expect(writeReport.md(report)).toContain(
      '| restart-shop | 5 | 4 | 2 | 2 | 1 | 50 % |\n| &lt;b>\\|\\*evil\\* | 1 | 1 | 1 | 0 | 0 | 100 % |\n',
    )
    expect(writeReport.text(report)).toMatch(/restart-shop +5 +4 +2 +2 +1 +50 %/)
    for (const format of ['html', 'mail'] as const) {
      const text = writeReport[format](report)
      expect(text).toContain('Commands that repair')
      expect(format === 'mail' ? (JSON.parse(text) as { html: string }).html : text).not.toContain('<b>|')
      expect(text).toContain('&lt;b&gt;|*evil*')
    }
    expect(writeReport.json(report)).toContain('"helpedRatio": 0.5')
  })
})

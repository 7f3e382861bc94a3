import { expect, it } from 'vitest'
import { readMarks } from '../../src/history/reads/marks.ts'
import { forget } from '../../src/history/upkeep.ts'
import { writeMark, writeVersion } from '../../src/history/write/marks.ts'
import { onEachDatabase } from './support/databases.ts'

const at = (text: string): Date => new Date(`2026-11-20T${text}:00Z`)
const day = { from: at('00:00'), to: at('23:00') }

onEachDatabase('what has changed', (sql) => {
  const titles = async (): Promise<string[]> => (await readMarks(sql(), day)).map(({ title }) => title)

  it('is read as it was written, the newest first, each once', async () => {
    const whole = {
      at: at('11:57'),
      title: 'checkout 1.4.2',
      source: 'github',
      url: 'https://x.example',
      target: 'shop',
      labels: { team: 'pay' },
    }
    const plain = { at: at('11:58'), title: 'new database', source: 'api' }
    for (const mark of [whole, plain, whole, plain]) await writeMark(sql(), mark)
    expect(await readMarks(sql(), day)).toEqual([plain, whole])
    expect(await readMarks(sql(), { from: at('11:57'), to: at('11:58') })).toEqual([whole])
    await forget(sql(), at('11:58').getTime() + 400 * 86_400_000)
    expect(await titles()).toEqual(['new database'])
  })

  it('a version of a caller is marked when it is new, and not the first', async () => {
    const called = (caller: string, version: string, minute: string) =>
      sql().query(
        `insert into probity.call_minutes (target, location, caller, version, minute, ok, error, unknown, over_limit, duration_sum, latency, writer)
         values ('pay', 'here', $1, $2, $3, 1, 0, 0, 0, 0.1, '{}', 'w')`,
        [caller, version, at(minute).toISOString()],
      )
    await sql().query('select probity.make_partitions($1, $2)', [
      at('00:00').toISOString(),
      at('23:00').toISOString(),
    ])
    const seen = (caller: string, version: string, time: string) =>
      writeVersion(sql(), { target: 'pay', caller, version, at: at(time) })
    await seen('checkout', '1.0', '12:00')
    await called('checkout', '1.0', '12:00')
    await seen('checkout', '1.0', '12:10')
    await called('checkout', '1.1', '12:30')
    await seen('checkout', '1.1', '12:31')
    await seen('checkout', '1.1', '12:31')
    await seen('search', '7', '12:32')
    await seen('checkout', '1.0', '12:40')
    expect(await titles()).toEqual(['checkout 1.1', 'new database'])
  })
})

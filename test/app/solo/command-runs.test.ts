import { existsSync, readFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { startSolo, type SoloOptions } from '../../../src/app/solo/solo.ts'
import type { ShownRun } from '../../../src/web/status/shown-run.ts'
import { incidentsAnswer, targetAnswer } from '../../../src/web/api/shapes.ts'
import { atEnd } from '../../support/at-end.ts'
import { withDatabase } from '../../support/embedded.ts'
import { startHttpPeer } from '../../support/servers/http-peer.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { quickEvaluations } from '../../support/time/quick-evaluations.ts'
import { waitFor } from '../../support/time/wait-for.ts'

const hostile = '<script>alert(1)</script>'

interface Shop {
  readonly get: (path: string) => Promise<string>
  /** What ran for the first incident of a target: on a busy machine, a check may run out of time later. */
  readonly incident: (target: string) => Promise<readonly ShownRun[]>
  readonly target: (target: string) => Promise<readonly ShownRun[]>
  /** The ends in the alerts log. */
  readonly ends: () => Promise<Record<string, string>[]>
}

/** Three targets that fail: the command of the first repairs it, that of the second does not, and that of the third fails. */
async function startShop(options: Partial<SoloOptions> & { readonly folder: string }): Promise<Shop> {
  const { folder, ...more } = options
  const fixed = join(folder, 'fixed')
  const audit = join(folder, 'command-audit.log')
  // Not before the run is over: an alert that ends earlier cannot say what was run.
  const isRepaired = (): boolean =>
    existsSync(fixed) && readFileSync(audit, 'utf8').includes('"channel":"fix-shop"')
  const api = await startHttpPeer(({ path }) => ({ status: path === '/shop' && isRepaired() ? 200 : 503 }))
  const targets = ['shop', 'lost', 'broken'].map(
    (name) =>
      `  - { name: ${name}, url: "${api.url}/${name}", interval: 2s, timeout: 1900ms, alert_after: 1, notify: [fix-${name}] }\n`,
  )
  await writeFile(join(folder, 'targets.yml'), `targets:\n${targets.join('')}`)
  await writeFile(
    join(folder, 'notify.yml'),
    `channels:
  fix-shop: { type: command, command: [touch, "${fixed}"], max_runs: 1 }
  fix-lost: { type: command, command: 'true', max_runs: 1 }
  fix-broken: { type: command, command: 'echo "${hostile}"; exit 3', max_runs: 1 }
`,
  )
  const solo = await startSolo(
    {
      configFile: join(folder, 'targets.yml'),
      notify: { file: join(folder, 'notify.yml'), optional: false },
      listenAddress: { host: '127.0.0.1', port: 0 },
      storagePath: folder,
      ...more,
    },
    {
      log: pino({ level: 'silent' }),
      timers: quickEvaluations,
      env: { PATH: process.env.PATH },
      stdout: { write: () => true },
    },
  )
  atEnd(solo.stop)
  const get = async (path: string): Promise<string> => (await fetch(solo.url + path)).text()
  return {
    get,
    async incident(name) {
      const text = await get(`/api/v1/incidents?target=${name}`)
      return incidentsAnswer.parse(JSON.parse(text)).incidents.at(-1)?.commands ?? []
    },
    async target(name) {
      const { target } = targetAnswer.parse(JSON.parse(await get(`/api/v1/targets/${name}`)))
      return ('commands' in target && target.commands) || []
    },
    async ends() {
      const text = await readFile(join(folder, 'alerts.log'), 'utf8').catch(() => '')
      const lines = text.split('\n').filter((line) => line !== '')
      return lines
        .map((line) => JSON.parse(line) as Record<string, string>)
        .filter(({ alertname, status }) => alertname === 'TargetDown' && status === 'resolved')
    },
  }
}

/** Waits until the checks have said whether the first run for a target helped. */
const judgedRun = (name: string, read: Shop['target']): Promise<ShownRun> =>
  waitFor(`whether the command helped ${name}`, async () => {
    const run = (await read(name)).at(-1)
    return run && run.verdict !== 'unknown' && run.checksAfter.length > 0 && run
  })

it('an incident says what was run, what came of it, and whether the next checks passed', async () => {
  const folder = await withDatabase(await tempFolder())
  const shop = await startShop({ folder, history: { folder: join(folder, 'history') } })
  expect(await judgedRun('shop', shop.incident)).toMatchObject({
    channel: 'fix-shop',
    alertname: 'TargetDown',
    occasion: 'beginning',
    repairs: true,
    outcome: 'succeeded',
    exitCode: 0,
    verdict: 'helped',
    checksAfter: [true, true],
  })
  expect(await judgedRun('lost', shop.incident)).toMatchObject({
    outcome: 'succeeded',
    verdict: 'not_helped',
  })
  expect(await judgedRun('broken', shop.incident)).toMatchObject({
    outcome: 'exit',
    exitCode: 3,
    failure: 'exited with code 3',
    output: hostile,
    verdict: 'not_helped',
  })
  const page = await shop.get('/incidents')
  expect(page).toMatch(
    /ran <code>fix-shop<\/code> \d+ s after the beginning: exit 0 in [\d.]+ m?s; the next 2 checks passed/,
  )
  expect(page).toMatch(/ran <code>fix-lost<\/code> .* exit 0 in .*; the next check failed/)
  expect(page).toMatch(/exit 3 in .*; the next check failed <span class="quiet">Output: &lt;script&gt;alert/)
  expect(page).not.toContain(hostile)
  expect(await shop.get('/targets/broken')).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
  const [end] = await waitFor('the end', async () => {
    const ends = await shop.ends()
    return ends.length > 0 && ends
  })
  expect(end?.['target']).toBe('shop')
  expect(end?.['repair']).toMatch(
    /^fix-shop ran at \d\d:\d\d UTC \(exit 0\); the next (2 checks|check) passed$/,
  )
})

it('without a history, what ran is remembered', async () => {
  const shop = await startShop({ folder: await tempFolder() })
  expect(await judgedRun('shop', shop.target)).toMatchObject({ verdict: 'helped' })
  expect(await judgedRun('lost', shop.incident)).toMatchObject({ verdict: 'not_helped' })
})

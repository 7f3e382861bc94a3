import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startExporter } from '../../../src/app/exporter/exporter.ts'
import { createLogger } from '../../../src/lib/logger.ts'
import { silencesAnswer } from '../../../src/web/api/silences.ts'
import { atEnd } from '../../support/at-end.ts'
import { alertmanagers, startAlertmanager } from '../../support/programs/alertmanager.ts'
import { describeWithTool } from '../../support/programs/tools.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { waitFor } from '../../support/time/wait-for.ts'

const log = createLogger({ destination: { write: () => undefined } })

/** What it says of a silence. */
interface Raw {
  readonly id: string
  readonly status: { readonly state: string }
  readonly createdBy: string
  readonly comment: string
  readonly matchers: readonly object[]
}

describeWithTool(['prometheus-alertmanager'], 'silences in the stack', () => {
  it.each(alertmanagers)('are those of Alertmanager, made, seen and ended on both sides: %s', async (binary) => {
    const folder = await tempFolder()
    const am = await startAlertmanager(binary, { folder, speedUp: 100 })
    atEnd(() => am.stop())
    await writeFile(join(folder, 'targets.yml'), 'targets: [{ name: shop, url: "http://127.0.0.1:9/" }]\n')
    const exporter = await startExporter(
      {
        configFile: join(folder, 'targets.yml'),
        listenAddress: { host: '127.0.0.1', port: 0 },
        alertmanagerUrl: new URL(am.url),
      },
      { log, env: {} },
    )
    atEnd(() => exporter.stop())
    const ask = async (method: string, path = '', body?: object) => {
      const answer = await fetch(`${exporter.url}/api/v1/silences${path}`, {
        method,
        ...(body && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
      })
      return silencesAnswer.parse(await answer.json()).silences
    }
    const page = async (path: string): Promise<string> => (await fetch(`${exporter.url}${path}`)).text()
    const inAlertmanager = async (): Promise<Raw[]> =>
      ((await (await fetch(`${am.url}/api/v2/silences`)).json()) as Raw[]).filter(
        ({ status }) => status.state === 'active',
      )
    const stateOf = async (alertname: string): Promise<string | undefined> =>
      (await am.alerts()).find(({ labels }) => labels['alertname'] === alertname)?.status.state

    const labels = { target: 'shop', severity: 'critical', location: 'default' }
    const endsAt = new Date(Date.now() + 3_600_000)
    await am.post([
      { labels: { alertname: 'TargetDown', ...labels }, annotations: { summary: 'it is down' }, endsAt },
      { labels: { alertname: 'TargetSlow', ...labels, severity: 'warning' }, endsAt },
    ])
    const [made] = await ask('POST', '', { match: 'severity="warning",target=~"sh.p"', for: '2h', comment: 'why', by: 'anna' })
    expect(await inAlertmanager()).toMatchObject([{ id: made?.id, createdBy: 'anna', comment: 'why' }])
    await waitFor('the silence', async () => (await stateOf('TargetSlow')) === 'suppressed')
    expect(await stateOf('TargetDown')).toBe('active')

    const [ack] = await ask('POST', '/acknowledge', { target: 'shop', alertname: 'TargetDown', comment: 'on it', by: 'ben' })
    expect(ack).toMatchObject({ acknowledges: { alertname: 'TargetDown', target: 'shop' }, comment: 'on it' })
    expect((await inAlertmanager()).map(({ comment }) => comment).sort()).toEqual(['acknowledged by ben: on it', 'why'])
    await waitFor('the acknowledgement', async () => (await stateOf('TargetDown')) === 'suppressed')
    await waitFor('the page', async () => /TargetDown<\/b> \(critical\): it is down[^]*?, silenced</.test(await page('/targets/shop')))
    expect(await page('/targets/shop')).toContain('acknowledged by ben: on it')
    expect(await page('/')).toMatch(/acknowledged by ben|silenced until/)

    // Made with amtool, or on the page of Alertmanager.
    await fetch(`${am.url}/api/v2/silences`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        matchers: [{ name: 'target', value: 'shop', isRegex: false, isEqual: true }],
        startsAt: new Date(),
        endsAt,
        createdBy: 'amtool',
        comment: 'by hand',
      }),
    })
    await waitFor('what others have made', async () => (await page('/silences')).includes('silenced by amtool: by hand'))
    for (const { id } of await ask('GET')) await ask('DELETE', `/${id}`)
    expect(await inAlertmanager()).toEqual([])
    await waitFor('the alerts', async () => (await stateOf('TargetDown')) === 'active')

    await am.stop()
    await waitFor('the page without it', async () => (await page('/targets/shop')).includes('Alertmanager does not answer'))
    const refused = await fetch(`${exporter.url}/api/v1/silences`)
    expect([refused.status, await refused.text()]).toEqual([502, expect.stringContaining(' does not answer: ')])
    expect((await fetch(`${exporter.url}/`)).status).toBe(200)
  })
})

import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { pino } from 'pino'
import { startExporter } from '../../../src/app/exporter/exporter.ts'
import { startNotifier } from '../../../src/app/notifier/notifier.ts'
import { addToken } from '../../../src/tokens/edit.ts'
import type { Scope } from '../../../src/tokens/scopes.ts'
import { atEnd } from '../../support/at-end.ts'
import { anAlert, webhookMessage } from '../../support/alerts/alerts.ts'
import { alertmanagers, startAlertmanager } from '../../support/programs/alertmanager.ts'
import { describeWithTool } from '../../support/programs/tools.ts'
import { startHttpPeer } from '../../support/servers/http-peer.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { waitFor } from '../../support/time/wait-for.ts'

const address = { host: '127.0.0.1', port: 0 }
const external = 'https://status.example/ops'

interface Silenced {
  readonly comment: string
  readonly createdBy: string
  readonly matchers: readonly { readonly name: string; readonly value: string }[]
}

describeWithTool(['prometheus-alertmanager'], 'links in the messages of the stack', () => {
  async function stack(binary: string, scopes?: readonly Scope[]) {
    const folder = await tempFolder()
    const am = await startAlertmanager(binary, { folder, speedUp: 100 })
    atEnd(() => am.stop())
    const hook = await startHttpPeer(() => ({ status: 200 }))
    await writeFile(join(folder, 'targets.yml'), 'targets: [{ name: shop, url: "http://127.0.0.1:9/" }]\n')
    await writeFile(
      join(folder, 'notify.yml'),
      `channels: { hook: { type: webhook, group_by: off, url: "${hook.url}/", secret: of-nobody } }\nroutes: [{ channels: [hook] }]\n`,
    )
    const tokensFile = join(folder, 'tokens.jsonl')
    const token =
      scopes === undefined
        ? undefined
        : await addToken(tokensFile, { name: 'notifier', scopes, now: Date.now() })
    if (token !== undefined) await writeFile(join(folder, 'exporter-token'), token)
    const logged: string[] = []
    const log = pino({ level: 'warn' }, { write: (line: string) => void logged.push(line) })
    const quiet = pino({ level: 'silent' })
    const startTheExporter = () =>
      startExporter(
        {
          configFile: join(folder, 'targets.yml'),
          listenAddress: address,
          storagePath: folder,
          alertmanagerUrl: new URL(am.url),
          ...(token !== undefined && { tokens: { file: tokensFile, optional: false } }),
        },
        { log: quiet, env: {} },
      )
    const exporter = await startTheExporter()
    atEnd(() => exporter.stop())
    const notifier = await startNotifier(
      {
        listenAddress: address,
        bearerTokenFile: join(folder, 'token'),
        logFile: join(folder, 'alerts.log'),
        notify: { file: join(folder, 'notify.yml'), optional: false },
        externalUrl: new URL(external),
        exporterUrl: new URL(exporter.url),
        ...(token !== undefined && { exporterTokenFile: join(folder, 'exporter-token') }),
      },
      { log, env: {}, stdout: { write: () => true } },
    )
    atEnd(() => notifier.stop())
    const labels = { alertname: 'TargetDown', target: 'shop', severity: 'critical', location: 'default' }
    const startsAt = new Date()
    const endsAt = new Date(startsAt.getTime() + 3_600_000)
    await am.post([{ labels, annotations: { summary: 'it is down' }, startsAt, endsAt }])
    const [known] = await waitFor('the alert', async () => {
      const alerts = await am.alerts()
      return alerts.length > 0 && alerts
    })
    const alert = anAlert({ labels, fingerprint: known!.fingerprint, startsAt })
    const bearer = (await readFile(join(folder, 'token'), 'utf8')).trim()
    await fetch(`${notifier.url}/api/v1/alerts`, {
      method: 'POST',
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      body: JSON.stringify(webhookMessage([alert])),
    })
    await waitFor('the message', () => hook.received.length > 0)
    const { alerts } = JSON.parse(hook.received[0]!.body) as {
      alerts: { annotations: Record<string, string> }[]
    }
    return { am, exporter, annotations: alerts[0]!.annotations, logged }
  }

  it.each(alertmanagers)('acknowledge and silence in Alertmanager, once: %s', async (binary) => {
    const { am, exporter, annotations } = await stack(binary)
    const { acknowledge_url: acknowledge = '', silence_url: silence = '' } = annotations
    for (const link of [acknowledge, silence]) expect(link).toMatch(`${external}/silences/link?t=`)
    const at = (link: string): string => link.replace(external, exporter.url)
    const inAlertmanager = async (): Promise<Silenced[]> =>
      (await (await fetch(`${am.url}/api/v2/silences`)).json()) as Silenced[]

    const question = await fetch(at(acknowledge))
    expect([question.status, await question.text()]).toEqual([
      200,
      expect.stringContaining('<b>TargetDown</b>'),
    ])
    expect(await inAlertmanager()).toEqual([])
    const act = (link: string) =>
      fetch(at(link), { method: 'POST', body: new URLSearchParams({ by: 'anna' }) })
    expect((await act(acknowledge)).status).toBe(200)
    expect(await inAlertmanager()).toMatchObject([
      { comment: expect.stringContaining('acknowledged by anna') },
    ])
    expect((await act(acknowledge)).status).toBe(410)
    expect((await act(`${silence.slice(0, -3)}abc`)).status).toBe(410)
    expect((await act(silence)).status).toBe(200)
    expect(await inAlertmanager()).toHaveLength(2)
  })

  it('are missing where the token of the notifier may not silence, which the log says', async () => {
    const { annotations, logged } = await stack('prometheus-alertmanager', ['read'])
    expect(annotations['acknowledge_url']).toBeUndefined()
    expect(annotations['target_url']).toBe(`${external}/targets/shop`)
    expect(logged.join('')).toContain('its token needs the scope silence')
  })
})

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startNotifier, type Notifier } from '../../../src/app/notifier/notifier.ts'
import { createLogger } from '../../../src/lib/logger.ts'
import { startAlertmanager, type Alertmanager } from '../../support/programs/alertmanager.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { describeWithTool } from '../../support/programs/tools.ts'
import { waitFor } from '../../support/time/wait-for.ts'

/** Groups wait 50 ms and look for changes every 300 ms. */
const speedUp = 200

/** What a target may answer in the hope that somebody runs it, by the name of an alert. */
const hostile = {
  InDoubleQuotes: '"; touch pwned; echo "',
  InSingleQuotes: "'; touch pwned; echo '",
  Bare: '; touch pwned; #',
  Substitution: '$(touch pwned) `touch pwned` ${IFS}',
  Lines: 'a\ntouch pwned\nEOF\ntouch pwned',
  Template: '{{.IsUp}} {{ template "x" . }} {last_output} {monitor_name} ${PATH}',
  Mention: '<!channel> <https://evil.example|click>',
  Backslashes: '\\"; touch pwned; \\',
  Option: '-n --help',
  Glob: '* ~ ?',
}

/** Every place of a script that a value can stand in, and a list of arguments. */
const notifyYml = (cwd: string): string => `
channels:
  bare: { type: command, cwd: ${cwd}, command: 'printf "%s" {last_output} > $PROBITY_ALERTNAME.bare' }
  double: { type: command, cwd: ${cwd}, command: 'printf "%s" "{{.LastCheckOutput}}" > $PROBITY_ALERTNAME.double' }
  single: { type: command, cwd: ${cwd}, command: "printf '%s' '{last_output}' > $PROBITY_ALERTNAME.single" }
  list: { type: command, cwd: ${cwd}, command: [sh, -c, 'printf "%s" "$1" > $PROBITY_ALERTNAME.list', sh, '{last_output}'] }
  name: { type: command, cwd: ${cwd}, command: 'printf "%s" "{monitor_name}" > $PROBITY_ALERTNAME.name' }
routes: [{ channels: [bare, double, single, list, name], repeat: once }]
`

describeWithTool(['prometheus-alertmanager'], 'what a stranger wrote, from Alertmanager to a command', () => {
  let folder: string
  let work: string
  let notifier: Notifier
  let alertmanager: Alertmanager

  beforeEach(async () => {
    folder = await tempFolder()
    work = join(folder, 'work')
    await mkdir(work)
    const file = join(folder, 'notify.yml')
    await writeFile(file, notifyYml(work))
    notifier = await startNotifier(
      {
        listenAddress: { host: '127.0.0.1', port: 0 },
        bearerTokenFile: join(folder, 'token'),
        logFile: join(folder, 'alerts.log'),
        notify: { file, optional: false },
      },
      {
        log: createLogger({ destination: { write: () => undefined } }),
        stdout: { write: () => undefined },
        env: { PATH: process.env.PATH },
      },
    )
    alertmanager = await startAlertmanager('prometheus-alertmanager', {
      folder,
      speedUp,
      replace: {
        'notifier:9741': new URL(notifier.url).host,
        '/etc/probity/secrets/notifier-token': join(folder, 'token'),
      },
    })
  })

  afterEach(async () => {
    await alertmanager.stop()
    await notifier.stop()
  })

  async function runs(): Promise<{ action: string; exit_code: number }[]> {
    const text = await readFile(join(folder, 'command-audit.log'), 'utf8')
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { action: string; exit_code: number })
  }

  it('arrives as it was written, and nothing of it is run', async () => {
    const alerts = Object.entries(hostile).map(([alertname, text]) => ({
      labels: { alertname, severity: 'critical', target: text, location: 'default' },
      annotations: { summary: text, description: text, last_output: text, runbook_url: text, reason: text },
    }))
    await alertmanager.post(alerts)
    const places = ['bare', 'double', 'single', 'list', 'name']
    await waitFor('every run', async () => (await runs()).length >= alerts.length * places.length)
    await alertmanager.post(alerts.map((alert) => ({ ...alert, endsAt: new Date() })))
    await waitFor('the ends', async () => (await runs()).length >= 2 * alerts.length * places.length)
    expect((await runs()).filter(({ action, exit_code: code }) => action !== 'run' || code !== 0)).toEqual([])
    const written = Object.fromEntries(
      await Promise.all(
        (await readdir(work)).map(async (name) => [name, await readFile(join(work, name), 'utf8')] as const),
      ),
    )
    const expected = Object.entries(hostile).flatMap(([alertname, text]) =>
      places.map((place) => [`${alertname}.${place}`, text]),
    )
    expect(written).toEqual(Object.fromEntries(expected))
  })
})

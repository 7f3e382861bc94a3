import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { startLocalStack } from './stack/local-stack.ts'
import { root } from './stack/shipped-files.ts'

/** `npm run stack`: the stack in this terminal, without containers, from the Prometheus and Alertmanager on PATH. */

const [argument] = process.argv.slice(2)
if (argument !== undefined) {
  console.log('Usage: npm run stack')
  console.log('Builds Probity, then runs it with the Prometheus and Alertmanager on PATH, until Ctrl-C.')
  console.log('Reads config/targets.yml, config/notify.yml and .env; writes data/stack. It has no options.')
  process.exit(argument === '--help' || argument === '-h' ? 0 : 2)
}

const ports = { exporter: 9740, notifier: 9741, prometheus: 9090, alertmanager: 9093 }

const onPath = (names: readonly string[]): string | undefined =>
  names.find((name) =>
    (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, name))),
  )

const prometheus = onPath(['prometheus'])
const alertmanager = onPath(['alertmanager', 'prometheus-alertmanager'])
if (prometheus === undefined || alertmanager === undefined) {
  console.error('Prometheus and Alertmanager are needed: apt-get install prometheus prometheus-alertmanager')
  process.exit(1)
}

const built = spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' })
if (built.status !== 0) process.exit(1)

const stack = await startLocalStack({
  folder: join(root, 'data/stack'),
  configFile: join(root, 'config/targets.yml'),
  ports,
  prometheus,
  alertmanager,
  onLine: (service, line) => {
    if (service === 'notifier' || service === 'exporter') console.log(`${service.padEnd(9)} ${line}`)
  },
})
console.log(`targets       ${stack.url.exporter}      edit config/targets.yml, nothing needs a restart`)
console.log(`Prometheus    ${stack.url.prometheus}`)
console.log(`Alertmanager  ${stack.url.alertmanager}`)
console.log(`alerts log    ${stack.alertsLog}`)
console.log('Ctrl-C stops everything.')

const stop = (): void => {
  void stack.stop()
}
process.once('SIGINT', stop)
process.once('SIGTERM', stop)

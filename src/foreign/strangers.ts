import { isMapping, type Mapping } from '../config/document/parts.ts'
import type { ForeignFormat } from '../config/foreign.ts'

/** A file that is not read where our own is expected. */
interface Stranger {
  /** Whose file it is. */
  readonly of: string
  readonly is: (file: Mapping) => boolean
  /** What to do with it. */
  readonly advice: (path: string) => string
}

const convert = (program: string) => (path: string) => `convert it with probity import ${program} ${path}`

const strangers: readonly Stranger[] = [
  {
    of: 'Gatus',
    is: (file) => Array.isArray(file['endpoints'] ?? file['external-endpoints'] ?? file['suites']),
    advice: convert('gatus'),
  },
  {
    of: 'healthchecks',
    is: ({ checks }) => Array.isArray(checks) && checks.some((check) => isMapping(check) && 'grace' in check),
    advice: convert('healthchecks'),
  },
  {
    of: "OpenTelemetry's collector",
    is: ({ receivers }) =>
      isMapping(receivers) && Object.keys(receivers).some((name) => name.startsWith('httpcheck')),
    advice: convert('httpcheck'),
  },
  {
    of: 'Postman',
    is: ({ info, item }) => isMapping(info) && Array.isArray(item),
    advice: convert('postman'),
  },
  { of: 'Uptime Kuma', is: (file) => Array.isArray(file['monitorList']), advice: convert('uptime-kuma') },
  {
    of: 'blackbox_exporter',
    is: ({ modules }) =>
      isMapping(modules) && Object.values(modules).some((one) => isMapping(one) && 'prober' in one),
    advice: (path) =>
      `name it in modules_from: of a targets.yml, or convert it with probity import blackbox ${path}`,
  },
  {
    of: 'Prometheus',
    is: (file) => 'scrape_configs' in file,
    advice: (path) =>
      `convert it, together with the modules of blackbox_exporter, with probity import blackbox blackbox.yml --targets ${path}`,
  },
  {
    of: 'Alertmanager',
    is: (file) => 'receivers' in file && 'route' in file,
    advice: () => 'write channels: and routes: into notify.yml, as docs/notify.md says',
  },
  { of: "Metrist's orchestrator", is: (file) => isMapping(file['patterns']), advice: convert('metrist') },
]

/** Says what to do with the file of another program that stands where one of ours is expected. */
export const strangersFormat: ForeignFormat = {
  refuse({ file, tree: { value } }) {
    // One that has targets was begun as ours.
    if (!isMapping(value) || 'targets' in value) return undefined
    const stranger = strangers.find(({ is }) => is(value))
    return stranger && `is a file of ${stranger.of}: ${stranger.advice(file)}`
  },
}

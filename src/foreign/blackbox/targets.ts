import type { BlackboxModule } from './module.ts'
import { formatDuration, parseDuration } from '../../settings/values/duration.ts'
import { isMapping } from '../../config/document/parts.ts'
import { formatPath, type Path } from '../../settings/path.ts'
import { Translation } from '../shared/translation.ts'
import { Fields } from '../shared/fields.ts'
import { relabel, type Labels } from './relabel.ts'
import { setLabels } from '../shared/labels.ts'
import { Names, type Entry } from '../shared/render.ts'
import type { ForeignFile } from '../shared/foreign-file.ts'

/** What a job says about all of its targets. */
interface Job {
  /** The labels that each of its targets begins with. */
  readonly labels: Labels
  /** Its relabel_configs. */
  readonly rules: readonly Fields[]
  /** Seconds. */
  readonly interval?: number
  readonly timeout?: number
}

/** What the job's relabel_configs made of a target. */
interface Relabelled {
  readonly module: string | undefined
  readonly labels: Labels
  readonly job: Job
  readonly at: Path
}

interface Found {
  readonly entries: readonly Entry[]
  readonly notes: readonly string[]
}

/** The module of a request without one. */
const usualModule = 'http_2xx'

/** Seconds by which a probe has to end before its scrape does. */
const scrapeOffset = 0.5

/** Seconds: what Prometheus has where nothing is said. */
const scrapeDefaults = { interval: 60, timeout: 10 } as const

/** The targets in a prometheus.yml, or in a file of `file_sd_configs`. */
export function targetsOf({ path, tree }: ForeignFile, modules: readonly BlackboxModule[]): Found {
  const notes: string[] = []
  const collector = new Collector(new Map(modules.map((module) => [module.name, module])), notes, path)
  if (Array.isArray(tree.value))
    collector.addGroups(new Fields({ groups: tree.value }).items('groups'), { labels: new Map(), rules: [] })
  else addJobs(new Fields(tree.value), collector)
  if (collector.entries.length === 0)
    notes.push(
      `${path}: has no target of blackbox_exporter: no job with metrics_path: /probe and static_configs`,
    )
  return { entries: collector.entries, notes }
}

function addJobs(file: Fields, collector: Collector): void {
  const global = file.below('global')
  for (const job of file.items('scrape_configs')) {
    if (job.text('metrics_path') !== '/probe') continue
    const params = job.below('params')
    const labels = new Map(params.keys.map((key) => [`__param_${key}`, String(params.list(key)[0])]))
    const name = job.text('job_name')
    if (name !== undefined) labels.set('job', name)
    const seconds = (key: string): number | undefined =>
      parseDuration(job.text(key) ?? global.text(key) ?? '')
    for (const key of job.keys.filter((name) => name.endsWith('_sd_configs')))
      collector.note(job.at(key), 'was not read: write its targets here, or give its file as --targets')
    if (job.has('metric_relabel_configs'))
      collector.note(
        job.at('metric_relabel_configs'),
        'was not read: copy it to the job of Prometheus that reads /sd',
      )
    const interval = seconds('scrape_interval') ?? scrapeDefaults.interval
    collector.addGroups(job.items('static_configs'), {
      labels,
      rules: job.items('relabel_configs'),
      interval,
      timeout: seconds('scrape_timeout') ?? Math.min(scrapeDefaults.timeout, interval),
    })
  }
}

class Collector {
  readonly entries: Entry[] = []
  readonly #names = new Names()
  readonly #modules: ReadonlyMap<string, BlackboxModule>
  readonly #notes: string[]
  readonly #path: string

  constructor(modules: ReadonlyMap<string, BlackboxModule>, notes: string[], path: string) {
    this.#modules = modules
    this.#notes = notes
    this.#path = path
  }

  note(path: Path, message: string): void {
    this.#notes.push(`${this.#path}: ${formatPath(path)}: ${message}`)
  }

  /** Adds groups of targets, as `static_configs` and `file_sd_configs` have them. */
  addGroups(groups: readonly Fields[], job: Job): void {
    for (const group of groups) {
      const written = group.take('labels')
      const own = isMapping(written) ? Object.entries(written) : []
      for (const address of group.list('targets').map(String)) {
        const labels = new Map([
          ...job.labels,
          ['__address__', address],
          ...own.map(([name, value]) => [name, String(value)] as const),
        ])
        this.#addRelabelled(address, labels, job, group.at('targets'))
      }
    }
  }

  #addRelabelled(address: string, labels: Labels, job: Job, at: Path): void {
    const relabelled = relabel(labels, job.rules, ({ path }, message) => {
      this.note(path, message)
    })
    if (!relabelled) {
      this.note(at, `${JSON.stringify(address)} is left out: relabel_configs drop it`)
      return
    }
    const wanted = relabelled.get('__param_module')
    // A rule that nearly everybody has makes a module of this label: it says the same where the rule stands elsewhere.
    const module = wanted === job.labels.get('__param_module') ? (labels.get('module') ?? wanted) : wanted
    this.#add(relabelled.get('__param_target') ?? address, { module, labels: relabelled, job, at })
  }

  #add(target: string, { module: moduleName = usualModule, labels, job, at }: Relabelled): void {
    const module = this.#modules.get(moduleName)
    if (!module) {
      this.note(at, `${JSON.stringify(target)} is left out: there is no module ${JSON.stringify(moduleName)}`)
      return
    }
    const translation = new Translation()
    const instance = labels.get('instance') ?? target
    const named = instance === labels.get('__address__') ? target : instance
    const shown = named.replace(/\/\/[^/]*@/, '//').replace(/[?#].*$/, '')
    translation.set(['name'], this.#names.unique(shown, moduleName), at)
    for (const [key, value] of Object.entries(module.own(target))) translation.set([key], value, at)
    translation.set(['module'], module.name, at)
    const { interval, timeout } = job
    if (interval !== undefined) {
      translation.set(['interval'], formatDuration(interval), at)
      const limit = Math.min(module.timeout ?? Infinity, (timeout ?? scrapeDefaults.timeout) - scrapeOffset)
      translation.set(['timeout'], formatDuration(Math.max(scrapeOffset, limit)), at)
    }
    translation.set(['job'], labels.get('job'), at)
    const kept = [...labels].filter(([name]) => !name.startsWith('__') && !elsewhere.has(name))
    setLabels(translation, kept, at)
    this.entries.push({ keys: translation.keys, remarks: [...translation.lost, ...translation.notes] })
  }
}

/** Labels that are keys of a target here. */
const elsewhere: ReadonlySet<string> = new Set(['instance', 'job', 'module'])

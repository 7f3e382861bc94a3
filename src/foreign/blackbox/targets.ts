import type { BlackboxModule } from './module.ts'
import { formatDuration, parseDuration } from '../../settings/values/duration.ts'
import { isMapping } from '../../config/document/parts.ts'
import { formatPath, type Path } from '../../settings/path.ts'
import { Translation } from '../shared/translation.ts'
import { Fields } from '../shared/fields.ts'
import { setLabels } from '../shared/labels.ts'
import { Names, type Entry } from '../shared/render.ts'
import type { ForeignFile } from '../shared/foreign-file.ts'

/** What a job says about all of its targets. */
interface Job {
  readonly module: string | undefined
  /** Seconds. */
  readonly interval?: number
  readonly timeout?: number
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
    collector.addGroups(new Fields({ groups: tree.value }).items('groups'), { module: undefined })
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
    const module = job.below('params').list('module').map(String)[0]
    const seconds = (key: string): number | undefined =>
      parseDuration(job.text(key) ?? global.text(key) ?? '')
    for (const key of job.keys.filter((name) => name.endsWith('_sd_configs')))
      collector.note(job.at(key), 'was not read: write its targets here, or give its file as --targets')
    const interval = seconds('scrape_interval') ?? scrapeDefaults.interval
    collector.addGroups(job.items('static_configs'), {
      module,
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
      const labels = group.take('labels')
      const pairs = isMapping(labels)
        ? Object.entries(labels).map(([name, value]) => [name, String(value)] as const)
        : []
      const own = pairs.find(([name]) => name === '__param_module' || name === 'module')?.[1]
      for (const target of group.list('targets').map(String)) {
        const shown = pairs.filter(([name]) => !name.startsWith('__') && name !== 'module')
        this.#add(target, { ...job, module: own ?? job.module }, shown, group.at('targets'))
      }
    }
  }

  #add(target: string, job: Job, labels: readonly (readonly [string, string])[], at: Path): void {
    const { module: moduleName = usualModule } = job
    const module = this.#modules.get(moduleName)
    if (!module) {
      this.note(at, `${JSON.stringify(target)} is left out: there is no module ${JSON.stringify(moduleName)}`)
      return
    }
    const translation = new Translation()
    const shown = target.replace(/\/\/[^/]*@/, '//').replace(/[?#].*$/, '')
    translation.set(['name'], this.#names.unique(shown, moduleName), at)
    for (const [key, value] of Object.entries(module.own(target))) translation.set([key], value, at)
    translation.set(['module'], module.name, at)
    const { interval, timeout } = job
    if (interval !== undefined) {
      translation.set(['interval'], formatDuration(interval), at)
      const limit = Math.min(module.timeout ?? Infinity, (timeout ?? scrapeDefaults.timeout) - scrapeOffset)
      translation.set(['timeout'], formatDuration(Math.max(scrapeOffset, limit)), at)
    }
    setLabels(translation, labels, at)
    this.entries.push({ keys: translation.keys, remarks: [...translation.lost, ...translation.notes] })
  }
}

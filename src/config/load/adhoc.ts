import type { ForeignModule } from '../foreign.ts'
import { didYouMean } from '../../settings/values/closest.ts'
import { readAdHocUrl } from '../../checks/http/schema.ts'
import type { Config } from '../config.ts'
import { ProbityError } from '../../lib/errors.ts'
import { formatDuration } from '../../settings/values/duration.ts'
import { mergeSettings } from '../../settings/merge.ts'
import type { Part } from '../document/parts.ts'
import { formatPath } from '../../settings/path.ts'
import { resolveTarget } from './resolve.ts'
import { escapeExpansions, type Expander } from '../../settings/secrets.ts'
import type { Target } from '../target/target.ts'
import { seen, ValueError } from '../../settings/values/value.ts'

/** Makes targets for URLs, and for the targets of modules of blackbox.yml, that are not configured. */
export function createAdHoc(
  defaults: Part | undefined,
  modules: ReadonlyMap<string, Part>,
  foreign: ReadonlyMap<string, ForeignModule>,
  expander: Expander,
): Config['adHoc'] {
  return (text, moduleName) => {
    const other = moduleName === undefined ? undefined : foreign.get(moduleName)
    if (other) return foreignTarget(text, other, expander)
    const chosen = moduleName ?? defaults?.settings.module
    const module = chosen === undefined ? undefined : modules.get(chosen)
    if (chosen !== undefined && module === undefined) {
      throw unknownModule(chosen, [...modules.keys(), ...foreign.keys()])
    }
    const url = readUrl(text)
    const report: Part['report'] = (path, message) => {
      throw new ProbityError('MODULE_INVALID', `${formatPath(path)}: ${message}`)
    }
    const inherited = [...(defaults ? [defaults] : []), ...(module ? [module] : [])].map((part) => ({
      ...part,
      report,
    }))
    const target = resolveTarget(text, [...inherited, adHocPart(url, text, inherited)], expander)
    if (target === undefined) throw new ProbityError('URL_INVALID', 'the URL cannot be probed')
    return withoutQuery(target, url)
  }
}

function withoutQuery(target: Target, { search }: URL): Target {
  const query = search.slice(1)
  return {
    ...target,
    shown: { ...target.shown, url: target.instance, name: target.instance },
    secrets: query === '' ? target.secrets : [...target.secrets, query],
  }
}

/** Seconds that a probe may take at most where neither its module nor the scrape says so: as in blackbox_exporter. */
const longestForeign = 120

/** A user of a blackbox.yml module expects its own probe, and none of the `defaults:`. */
const foreignInterval = 1

function foreignTarget(text: string, module: ForeignModule, expander: Expander): Target {
  const { name, part, ownPart, key, refusal, timeout = longestForeign } = module
  if (refusal !== undefined)
    throw new ProbityError('MODULE_UNUSABLE', `module ${JSON.stringify(name)} cannot be used: ${refusal}`)
  const own = ownPart(text, (_path, message) => {
    throw new ProbityError('URL_INVALID', `the target of module ${JSON.stringify(name)}: ${message}`)
  })
  const { url } = own.settings
  if (url) readUrl(url.href)
  const target = resolveTarget(text, [part, own], expander)
  if (target === undefined)
    throw new ProbityError('URL_INVALID', `the target cannot be probed with module ${JSON.stringify(name)}`)
  const timed = { ...target, timeout, interval: foreignInterval }
  return key === 'url' && url ? withoutQuery(timed, url) : timed
}

/**
 * What is said of a URL that is not configured: the URL, and where the timeout that it inherits asks for it, an interval
 * that is long enough, because nobody has set the two to fit.
 *
 * @param text As it was asked for: nobody may have the environment expanded into it.
 */
export function adHocPart(url: URL, text: string, inherited: readonly Part[]): Part {
  const { timeout = 0, interval = 0 } = mergeSettings(inherited.map((part) => part.settings))
  const longer = timeout * 2
  const stretch = timeout > 0 && interval < longer
  return {
    settings: { url, ...(stretch && { interval: longer }) },
    written: { url: escapeExpansions(text), ...(stretch && { interval: formatDuration(longer) }) },
    has: (key) => key === 'url',
    report: () => undefined,
  }
}

function readUrl(text: string): URL {
  try {
    return readAdHocUrl(text)
  } catch (error) {
    if (!(error instanceof ValueError)) throw error
    const words = error.message.replaceAll(seen, 'the target')
    throw new ProbityError('URL_INVALID', words, { cause: error })
  }
}

function unknownModule(name: string, modules: readonly string[]): ProbityError {
  const known = modules.join(', ') || 'none'
  const hint = didYouMean(name, modules)
  const shown = JSON.stringify(name.slice(0, 100))
  return new ProbityError('MODULE_UNKNOWN', `unknown module ${shown}${hint}; configured: ${known}`)
}

import { didYouMean } from './closest.ts'
import { readAdHocUrl } from './checks/http.ts'
import type { Config } from './config.ts'
import { ProbityError } from '../lib/errors.ts'
import { formatDuration } from './duration.ts'
import { mergeSettings } from './merge.ts'
import type { Part } from './parts.ts'
import { formatPath } from './path.ts'
import { resolveTarget } from './resolve.ts'
import { escapeExpansions, type Expander } from './secrets.ts'
import { seen, ValueError } from './values.ts'

/** Makes targets for URLs that are not configured. */
export function createAdHoc(
  defaults: Part | undefined,
  modules: ReadonlyMap<string, Part>,
  expander: Expander,
): Config['adHoc'] {
  return (text, moduleName) => {
    const chosen = moduleName ?? defaults?.settings.module
    const module = chosen === undefined ? undefined : modules.get(chosen)
    if (chosen !== undefined && module === undefined) throw unknownModule(chosen, modules)
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
    const query = url.search.slice(1)
    return {
      ...target,
      shown: { ...target.shown, url: target.instance, name: target.instance },
      secrets: query === '' ? target.secrets : [...target.secrets, query],
    }
  }
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

function unknownModule(name: string, modules: ReadonlyMap<string, Part>): ProbityError {
  const known = [...modules.keys()].join(', ') || 'none'
  const hint = didYouMean(name, modules.keys())
  const shown = JSON.stringify(name.slice(0, 100))
  return new ProbityError('MODULE_UNKNOWN', `unknown module ${shown}${hint}; configured: ${known}`)
}

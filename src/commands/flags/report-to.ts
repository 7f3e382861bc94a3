import type { ReportTo } from '../../app/recording/reporting.ts'
import { parseReportUrl, reportTokenVariable } from '../../app/recording/reporting.ts'
import { ProbityError } from '../../lib/errors.ts'
import { readToken } from '../../lib/io/token-file.ts'
import type { Environment } from '../../settings/secrets.ts'
import { argument, flag } from './flags.ts'

/** `--report-to`. */
export const reportToFlag = () =>
  flag('--report-to <url>', 'another Probity that shows the checks of this one, too')
    .argParser(argument(parseReportUrl))
    .default(undefined, 'none')

/** `--report-to.token-file`. */
export const reportTokenFileFlag = () =>
  flag('--report-to.token-file <path>', 'file with a token of scope results of that Probity')

interface ReportFlags {
  readonly reportTo?: URL | undefined
  readonly 'reportTo.tokenFile'?: string | undefined
}

/**
 * Where checks are reported to. A token file is read before every request, so that a new token is used at once.
 *
 * @throws ProbityError `REPORT_TO_INVALID` where there is no token, or two.
 */
export function reportPlace(flags: ReportFlags, env: Environment): { reportTo?: ReportTo } {
  const { reportTo: url, 'reportTo.tokenFile': file } = flags
  const token = env[reportTokenVariable]
  if (!url) {
    if (file !== undefined) throw invalid('--report-to.token-file is set without --report-to: set both')
    return {}
  }
  if (file !== undefined && token)
    throw invalid(`${reportTokenVariable} and --report-to.token-file are both set: keep one of them`)
  if (file !== undefined) return { reportTo: { url, token: () => readToken(file) } }
  if (!token) throw invalid(`--report-to needs a token: set --report-to.token-file or ${reportTokenVariable}`)
  return { reportTo: { url, token: () => Promise.resolve(token) } }
}

function invalid(words: string): ProbityError {
  return new ProbityError('REPORT_TO_INVALID', words)
}

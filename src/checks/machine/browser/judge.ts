import { cut, oneLine, plainText } from '../../../lib/text/text.ts'
import type { Failure, FailureReason } from '../../../net/failure.ts'
import type { Report } from './job.ts'
import type { BrowserCheck } from './schema.ts'

const maxShown = 400

/** What Chromium says of a connection: https://source.chromium.org, net/base/net_error_list.h */
const network: readonly (readonly [RegExp, FailureReason])[] = [
  [/\bERR_(?:NAME_|DNS_)/, 'dns'],
  [/\bERR_CERT_/, 'certificate'],
  [/\bERR_(?:SSL_|BAD_SSL_)/, 'tls'],
  [/\bERR_(?:TIMED_OUT|CONNECTION_TIMED_OUT)/, 'timeout'],
  [/\bERR_(?:CONNECTION_|ADDRESS_|INTERNET_|PROXY_|NETWORK_)/, 'connect'],
  [/\bERR_TOO_MANY_REDIRECTS/, 'redirect'],
  [/\bERR_(?:EMPTY_RESPONSE|INVALID_|HTTP2_|QUIC_|CONTENT_|RESPONSE_)/, 'protocol'],
]

/** Says why a script has failed; nothing where it has not. */
export function judge(report: Report, { expect }: BrowserCheck): Failure | undefined {
  const { trouble, httpErrors, consoleErrors, consoleErrorCount } = report
  const [status] = httpErrors
  if (trouble) return explain(trouble, expect.httpErrors ? undefined : status)
  if (!expect.httpErrors && status !== undefined)
    return { reason: 'status', message: `expected pages without an error, got ${shown(status)}` }
  if (!expect.consoleErrors && consoleErrorCount > 0)
    return {
      reason: 'body',
      message: `expected no error on the console, got ${consoleErrorCount}: ${shown(consoleErrors[0] ?? '')}`,
    }
  return undefined
}

function explain(
  { what, message, step }: NonNullable<Report['trouble']>,
  status: string | undefined,
): Failure {
  const text = shown(message)
  const where = step === undefined ? '' : `step ${shown(step)}: `
  switch (what) {
    case 'script':
      return { reason: 'command', message: `the script cannot be run: ${text}` }
    case 'browser':
      return { reason: 'command', message: `${where}${aboutBrowser(message, text)}` }
    case 'timeout':
      return { reason: 'timeout', message: `${where}${text}` }
    case 'page': {
      // A script finds little on a page that is an error.
      const seen = status === undefined ? '' : ` (the page was ${shown(status)})`
      return {
        reason: status === undefined ? reasonOf(message) : 'status',
        message: `${where}${text}${seen}`,
      }
    }
  }
}

function reasonOf(message: string): FailureReason {
  if (/^TimeoutError:/.test(message)) return 'timeout'
  return network.find(([pattern]) => pattern.test(message))?.[1] ?? 'body'
}

function aboutBrowser(message: string, text: string): string {
  if (/without --no-sandbox|No usable sandbox|SUID sandbox/i.test(message))
    return 'Chromium cannot use its sandbox here: allow user namespaces on this machine, or set sandbox: false if you trust the pages'
  return text.startsWith('Chromium') ? text : `Chromium cannot be started: ${text}`
}

/** The words of scripts, pages and Playwright; its log of calls is too long for a message. */
function shown(text: string): string {
  return cut(oneLine(plainText(text).replace(/\.?\s*Call log:\s*-?/, ':')).trim(), maxShown)
}

import { oneLine } from './text/text.ts'
import { pino, type DestinationStream, type Logger } from 'pino'

export type { Logger }

export const logLevels = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof logLevels)[number]

export const logFormats = ['json', 'logfmt', 'text'] as const
export type LogFormat = (typeof logFormats)[number]

export interface LoggerOptions {
  /** Default `info`. */
  level?: LogLevel
  /**
   * One JSON object per line; `key=value` pairs, as the programs of Prometheus have them; or text for people, where a list has a
   * line for each item. Default `json`.
   */
  format?: LogFormat
  /** Where the lines go. Default: stderr, so that stdout stays for a command's answer. */
  destination?: DestinationStream
}

/** A structured logger: `log.info({ target: 'a' }, 'probe failed')`. */
export function createLogger(options: LoggerOptions = {}): Logger {
  const { level = 'info', format = 'json', destination = standardError() } = options
  const stream =
    format === 'json'
      ? destination
      : {
          write: (line: string) => {
            destination.write(format === 'text' ? toText(line) : toLogfmt(line))
          },
        }
  return pino(
    {
      level,
      base: null,
      messageKey: 'msg',
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    stream,
  )
}

/** A reader of the log that goes away (`| head`, a restarted log collector) must not end the process. */
function standardError(): DestinationStream {
  if (!process.stderr.listeners('error').includes(goOn)) process.stderr.on('error', goOn)
  return process.stderr
}

const goOn = (): void => undefined

function toLogfmt(line: string): string {
  const fields = JSON.parse(line) as Record<string, unknown>
  return (
    Object.entries(fields)
      .map(([key, value]) => `${key}=${quoted(value)}`)
      .join(' ') + '\n'
  )
}

/** In local time: `11:59:58 error: configuration rejected code=CONFIG_INVALID`, then each item of a list on its own line, indented. */
function toText(line: string): string {
  const { level, time, msg = '', ...fields } = JSON.parse(line) as Record<string, unknown>
  const pairs: string[] = []
  const items: string[] = []
  for (const [key, value] of Object.entries(fields)) {
    if (Array.isArray(value)) items.push(...value.map((item) => `    ${plain(item)}\n`))
    else pairs.push(` ${key}=${quoted(value)}`)
  }
  return `${new Date(String(time)).toTimeString().slice(0, 8)} ${plain(level)}: ${plain(msg)}${pairs.join('')}\n${items.join('')}`
}

/** What others have written must not look like a line of the log, nor reach the terminal. */
function plain(value: unknown): string {
  return oneLine(typeof value === 'string' ? value : JSON.stringify(value))
}

function quoted(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return /^[^\s"=\\]+$/.test(text) ? text : JSON.stringify(text)
}

import { pino, type DestinationStream, type Logger } from 'pino'

export type { Logger }

export const logLevels = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof logLevels)[number]

export const logFormats = ['json', 'logfmt'] as const
export type LogFormat = (typeof logFormats)[number]

export interface LoggerOptions {
  /** Default `info`. */
  level?: LogLevel
  /** One JSON object per line, or `key=value` pairs, which people read more easily. Default `json`. */
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
            destination.write(toLogfmt(line))
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

function quoted(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return /^[^\s"=\\]+$/.test(text) ? text : JSON.stringify(text)
}

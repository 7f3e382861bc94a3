import type { Names, Entry } from '../shared/render.ts'
import type { Secrets } from '../shared/secrets.ts'
import { fitTimeout } from '../shared/times.ts'
import { httpOptions, translateHttp } from './http.ts'
import { CheckLine } from './line.ts'
import { readOptions, type OptionTable } from './options.ts'
import { dnsOptions, pingOptions, sshOptions, translateDns, translatePing, translateSsh } from './others.ts'
import { tcpOptions, translateTcp } from './tcp.ts'
import { wordsOf } from './words.ts'

interface Plugin {
  readonly options: OptionTable
  /** @returns Why there is no target; nothing where there is one. */
  readonly translate: (line: CheckLine) => string | undefined
}

const http: Plugin = { options: httpOptions, translate: translateHttp }

/** Every plugin whose command lines are read. */
const plugins: Readonly<Record<string, Plugin>> = {
  check_http: http,
  check_curl: http,
  check_tcp: { options: tcpOptions, translate: translateTcp },
  check_ping: { options: pingOptions, translate: translatePing },
  check_ssh: { options: sshOptions, translate: translateSsh },
  check_dns: { options: dnsOptions, translate: translateDns },
}

/** A command line, and what else is known of the check. */
export interface Written {
  readonly line: string
  /** `services.cfg:12` */
  readonly place: string
  readonly name: string
  /** What is added to the name where it is taken. Default: the plugin. */
  readonly more?: string
  /** Sets what does not stand in the line, such as the interval. */
  readonly others?: (check: CheckLine) => void
}

/** What is around a command line. */
export interface Around {
  readonly names: Names
  readonly secrets: Secrets
}

/** Translates a command line; text that says why it is left out. */
export function targetOf(written: Written, { names, secrets }: Around): Entry | string {
  const { place, name } = written
  const leftOut = (why: string): string => `${place}: ${JSON.stringify(name)} is left out: ${why}`
  const words = wordsOf(written.line)
  if (words === undefined) return leftOut('it is a script: write a command')
  const [program = '', ...given] = words
  const plugin = program.replace(/^.*\//, '')
  const known = Object.hasOwn(plugins, plugin) ? plugins[plugin] : undefined
  if (known === undefined)
    return leftOut(`there is no check for ${JSON.stringify(plugin)} here: write a command that runs it`)
  const macro = given.find((word) => /\$[A-Z_]+(?:\d+|[A-Z_]*)\$/.test(word.replaceAll(/\$USER\d+\$/g, '')))
  if (macro !== undefined) return leftOut(`${JSON.stringify(macro)} has a macro whose value is not known`)
  const check = new CheckLine(readOptions(given, known.options), { place, name, secrets })
  check.translation.set(['name'], names.unique(name, written.more ?? plugin), [])
  const why = known.translate(check)
  if (why !== undefined) return leftOut(why)
  written.others?.(check)
  check.loseOthers()
  fitTimeout(check.translation, [], (message) => {
    check.note('', message)
  })
  const { keys, lost, notes } = check.translation
  return { keys, remarks: [...lost, ...notes] }
}

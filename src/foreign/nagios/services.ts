import { formatDuration } from '../../settings/values/duration.ts'
import { ProbityError } from '../../lib/errors.ts'
import { setLabels } from '../shared/labels.ts'
import type { CheckLine } from './line.ts'
import { variablesIn } from './line.ts'
import type { NagiosFiles, NagiosObject } from './objects.ts'
import type { Written } from './plugins.ts'

/** Seconds of a unit of time, unless `interval_length` of nagios.cfg says otherwise. */
const intervalLength = 60

/** What a service or host has where nothing is said. */
const usual = { interval: 5, attempts: 3 } as const

/** How many targets one import makes: services on groups of hosts multiply. */
const maxTargets = 20_000

/** Keys that are noted, and why. */
const noted: Readonly<Record<string, string>> = {
  contacts: 'write the channels in notify.yml, and notify: here',
  contact_groups: 'write the channels in notify.yml, and notify: here',
  event_handler: 'write a channel of the type command in notify.yml',
}

/** What is made of the services, and of the hosts that are checked. */
export interface Watched {
  readonly written: readonly Written[]
  /** Why others are left out. */
  readonly left: readonly string[]
}

/** The command lines of services and hosts, with the macros that are known. */
export function watchedOf({ objects }: NagiosFiles): Watched {
  const of = (type: string): NagiosObject[] => objects.filter((object) => object.type === type)
  const commands = new Map(
    of('command').map(({ keys }) => [keys.get('command_name') ?? '', keys.get('command_line') ?? '']),
  )
  const hosts = new Map(of('host').map((host) => [host.keys.get('host_name') ?? '', host]))
  const groups = membersOf(of('hostgroup'), hosts)
  const written: Written[] = []
  const left: string[] = []
  const add = (object: NagiosObject, host: NagiosObject | undefined, name: string): void => {
    if (written.length + left.length > maxTargets)
      throw new ProbityError(
        'IMPORT_INVALID',
        `there are more than ${maxTargets} services on hosts: import a part of the files`,
      )
    const line = lineOf(object, host, commands)
    if (typeof line === 'string') left.push(`${object.place}: ${JSON.stringify(name)} is left out: ${line}`)
    else
      written.push({
        line: line.line,
        place: object.place,
        name,
        others: (check) => {
          setOthers(check, object, host)
        },
      })
  }
  for (const service of of('service')) {
    const description = service.keys.get('service_description') ?? 'service'
    const names = hostsOf(service, hosts, groups)
    if (names.length === 0)
      left.push(
        `${service.place}: ${JSON.stringify(description)} is left out: it is not on a host that is defined`,
      )
    for (const name of names) add(service, hosts.get(name), `${name} ${description}`)
  }
  for (const [name, host] of hosts) if ((host.keys.get('check_command') ?? '') !== '') add(host, host, name)
  return { written, left }
}

/** The names of hosts by the name of their group. */
function membersOf(
  groups: readonly NagiosObject[],
  hosts: ReadonlyMap<string, NagiosObject>,
): ReadonlyMap<string, Set<string>> {
  const members = new Map<string, Set<string>>()
  const add = (group: string, host: string): void => {
    const known = members.get(group)
    if (known) known.add(host)
    else members.set(group, new Set([host]))
  }
  for (const { keys } of groups)
    for (const host of listOf(keys.get('members'))) {
      const named = host === '*' ? [...hosts.keys()] : [host]
      for (const one of named) add(keys.get('hostgroup_name') ?? '', one)
    }
  for (const [name, { keys }] of hosts) for (const group of listOf(keys.get('hostgroups'))) add(group, name)
  return members
}

/** The hosts of a service: those that it names, and those of its groups, without those after a `!`. */
function hostsOf(
  { keys }: NagiosObject,
  hosts: ReadonlyMap<string, NagiosObject>,
  groups: ReadonlyMap<string, ReadonlySet<string>>,
): string[] {
  const chosen = new Set<string>()
  const excluded = new Set<string>()
  const collect = (list: string | undefined, namesOf: (name: string) => Iterable<string>): void => {
    for (const written of listOf(list)) {
      const isExcluded = written.startsWith('!')
      const name = isExcluded ? written.slice(1) : written
      for (const host of name === '*' ? hosts.keys() : namesOf(name))
        (isExcluded ? excluded : chosen).add(host)
    }
  }
  collect(keys.get('host_name'), (name) => [name])
  collect(keys.get('hostgroup_name'), (name) => groups.get(name) ?? [])
  return [...chosen].filter((name) => !excluded.has(name) && hosts.has(name))
}

function listOf(text: string | undefined): string[] {
  // A plus sign adds to what a template says, which is then the same.
  return (text ?? '')
    .replace(/^\+/, '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
}

/** The command line of an object; text that says why there is none. */
function lineOf(
  object: NagiosObject,
  host: NagiosObject | undefined,
  commands: ReadonlyMap<string, string>,
): { readonly line: string } | string {
  const [name = '', ...given] = (object.keys.get('check_command') ?? '').split(/(?<!\\)!/)
  const command = commands.get(name.trim())
  if (name === '') return 'it has no check_command'
  if (command === undefined)
    return `there is no command ${JSON.stringify(name)}: import the file that defines it, too`
  const macros = macrosOf(object, host, given)
  // An argument may hold macros, but no argument.
  const line = filledTwice(command, macros)
  if (line === undefined) return `its command line is longer than ${maxLine} characters`
  return { line: line.replaceAll(/\$ARG\d+\$/g, '').replaceAll('$$', '$') }
}

/** Characters of a command line. */
const maxLine = 10_000

function filledTwice(text: string, macros: ReadonlyMap<string, string>): string | undefined {
  const once = filled(text, macros)
  return once === undefined ? undefined : filled(once, macros)
}

/** A text with the values of macros; nothing where it grows too long. */
function filled(text: string, macros: ReadonlyMap<string, string>): string | undefined {
  const macro = /\$([A-Z_]\w*)\$/g
  let [made, at] = ['', 0]
  for (const { 0: whole, 1: key = '', index } of text.matchAll(macro)) {
    made += text.slice(at, index) + (macros.get(key) ?? whole)
    at = index + whole.length
    if (made.length > maxLine) return undefined
  }
  made += text.slice(at)
  return made.length > maxLine ? undefined : made
}

function macrosOf(
  object: NagiosObject,
  host: NagiosObject | undefined,
  given: readonly string[],
): ReadonlyMap<string, string> {
  const name = host?.keys.get('host_name') ?? ''
  const macros = new Map<string, string>([
    ['HOSTNAME', name],
    ['HOSTADDRESS', host?.keys.get('address') ?? name],
    ['HOSTALIAS', host?.keys.get('alias') ?? name],
    ['HOSTDISPLAYNAME', host?.keys.get('display_name') ?? name],
    ['SERVICEDESC', object.keys.get('service_description') ?? ''],
    // The folder of the plugins, by convention.
    ['USER1', '/usr/lib/nagios/plugins'],
    ...given.map((argument, index) => [`ARG${index + 1}`, argument.replaceAll('\\!', '!')] as const),
  ])
  for (const [prefix, source] of [
    ['_HOST', host],
    ['_SERVICE', object],
  ] as const)
    for (const [key, value] of source?.keys ?? [])
      if (key.startsWith('_')) macros.set(`${prefix}${key.slice(1)}`, value)
  return macros
}

function setOthers(check: CheckLine, { keys }: NagiosObject, host: NagiosObject | undefined): void {
  const interval = Number(keys.get('check_interval') ?? keys.get('normal_check_interval') ?? usual.interval)
  check.set(['interval'], formatDuration((interval > 0 ? interval : usual.interval) * intervalLength))
  const attempts = Number(keys.get('max_check_attempts') ?? usual.attempts)
  check.set(['alert_after'], attempts > 0 ? attempts : usual.attempts)
  const retry = Number(keys.get('retry_interval') ?? keys.get('retry_check_interval') ?? interval)
  if (attempts > 1 && retry !== interval)
    check.note('retry_interval', 'a check that failed is repeated after the interval')
  if (keys.get('active_checks_enabled') === '0') check.set(['enabled'], false)
  const period = keys.get('check_period') ?? '24x7'
  if (period !== '24x7')
    check.note('check_period', `${JSON.stringify(period)} is not known here: it is checked at all times`)
  for (const [key, message] of Object.entries(noted))
    if ((keys.get(key) ?? '') !== '') check.note(key, message)
  const link = keys.get('notes_url') ?? ''
  if (/^https?:\/\/[^\s/$]\S*$/.test(link) && URL.canParse(link)) check.put(['runbook'], link)
  const name = host?.keys.get('host_name')
  if (name !== undefined) setLabels(check.translation, [['host', name]], [])
  for (const group of listOf(keys.get('servicegroups')).slice(0, 1))
    setLabels(check.translation, [['group', group]], [])
  const variables = variablesIn(JSON.stringify(check.translation.keys))
  if (variables.length > 0)
    check.note(
      'resource_file',
      `set ${variables.join(', ')} to what is in resource.cfg for ${variables.map((one) => `$${one.replace('NAGIOS_', '')}$`).join(', ')}`,
    )
}

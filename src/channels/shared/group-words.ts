import { cut } from '../../lib/text/text.ts'
import type { Notification } from '../channel.ts'
import type { Fact, Link, Words } from './parts.ts'
import { remarkOf } from './remark.ts'

/** Alerts that a message names one by one. */
const maxNamed = 20
/** Targets that its title names. */
const maxInTitle = 3
const maxTitle = 200
const maxShort = 158

const severities = ['critical', 'error', 'warning', 'info']

/**
 * One text for several alerts.
 *
 * @param group The alerts, at least two.
 * @param say Says one of them.
 * @param endingOf Says how one of them ended.
 * @param layout Puts sentences, facts and links into one text.
 */
export function groupWords(
  group: readonly Notification[],
  say: (one: Notification) => Words,
  endingOf: (one: Notification) => string,
  layout: (words: Pick<Words, 'sentences' | 'facts' | 'links'>) => string,
): Words {
  const ordered = [...group].sort((a, b) => rank(a) - rank(b))
  const said = ordered.slice(0, maxNamed).map(say)
  const left = group.length - said.length
  const remark = group.map(remarkOf).find((said) => said !== '')
  const sentences = [
    ...said.map(({ title }) => title),
    ...(left > 0 ? [`and ${left} more`] : []),
    ...(remark === undefined ? [] : [remark]),
  ]
  const facts = commonOf(said.map((words) => words.facts))
  const links = commonOf(said.map((words) => words.links))
  const title = titleOf(ordered, endingOf)
  return {
    title: cut(title, maxTitle),
    short: cut(title, maxShort),
    sentences,
    facts,
    links,
    output: '',
    body: layout({ sentences, facts, links }),
  }
}

/** What fires comes first, the worst of it before the rest. */
function rank({ status, severity }: Notification): number {
  const known = severities.indexOf(severity)
  return (status === 'resolved' ? 100 : 0) + (known === -1 ? severities.length : known)
}

/** `CRITICAL: TargetDown for 40 targets: s1, s2, s3 and 37 more`. */
function titleOf(ordered: readonly Notification[], endingOf: (one: Notification) => string): string {
  const [first] = ordered
  const firing = ordered.filter(({ status }) => status === 'firing')
  const shown = firing.length > 0 ? firing : ordered
  const endings = ordered.filter(({ status }) => status === 'resolved').map(endingOf)
  const [how = '', ...otherwise] = new Set(endings)
  if (firing.length === 0) return `${(otherwise.length > 0 ? 'ended' : how).toUpperCase()}: ${what(shown)}`
  const state = first?.severity || 'firing'
  const ended = [...new Set(endings)]
    .map((each) => `; ${endings.filter((ending) => ending === each).length} ${each}`)
    .join('')
  return `${cut(state, 20).toUpperCase()}: ${what(shown)}${ended}`
}

function what(shown: readonly Notification[]): string {
  const kinds = [...new Set(shown.map(({ alertname }) => alertname))]
  const targets = [...new Set(shown.map(({ target }) => target).filter((target) => target !== ''))]
  const kind = kinds.length === 1 ? kinds[0] : `${shown.length} alerts (${named(kinds)})`
  if (targets.length === 0) return kinds.length === 1 ? `${kind}: ${shown.length} alerts` : `${kind}`
  if (targets.length === 1) return `${kind} for ${targets[0]}`
  return `${kind} for ${targets.length} targets: ${named(targets)}`
}

function named(names: readonly string[]): string {
  const shown = names.slice(0, maxInTitle).map((name) => cut(name, 40))
  const left = names.length - shown.length
  if (left > 0) return `${shown.join(', ')} and ${left} more`
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}` : shown.join()
}

/** What is the same for all of them. */
function commonOf<T extends Fact | Link>(lists: readonly (readonly T[])[]): T[] {
  const [first = [], ...others] = lists.map((list) => list.map((item) => JSON.stringify(item)))
  return first
    .filter((text) => others.every((list) => list.includes(text)))
    .map((text) => JSON.parse(text) as T)
}

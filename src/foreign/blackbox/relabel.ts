import { RE2JS, RE2JSSyntaxException, type Matcher } from 're2js'
import type { Fields } from '../shared/fields.ts'

/** The labels of a target, those that begin with __ too. */
export type Labels = ReadonlyMap<string, string>

/** Reports what a rule asks for and is not done. */
type Lose = (rule: Fields, message: string) => void

/**
 * Does what the `relabel_configs` of a job do to one target, as Prometheus does it.
 *
 * @returns Nothing where they drop the target.
 */
export function relabel(labels: Labels, rules: readonly Fields[], lose: Lose): Labels | undefined {
  const changed = new Map(labels)
  for (const rule of rules) {
    const action = rule.text('action')?.toLowerCase() ?? 'replace'
    const apply = Object.hasOwn(actions, action) ? actions[action] : undefined
    const regex = regexOf(rule)
    if (!apply || !regex) {
      lose(
        rule,
        apply ? 'is not a valid regex' : `the action ${JSON.stringify(action)} is not supported here`,
      )
      continue
    }
    const sources = rule.list('source_labels').map((name) => changed.get(String(name)) ?? '')
    const value = sources.join(rule.text('separator') ?? ';')
    if (apply({ changed, rule, regex, value }) === 'drop') return undefined
  }
  return changed
}

interface Step {
  readonly changed: Map<string, string>
  readonly rule: Fields
  readonly regex: RE2JS
  /** Of the source labels. */
  readonly value: string
}

const actions: Readonly<Record<string, (step: Step) => 'drop' | undefined>> = {
  replace({ changed, rule, regex, value }) {
    const matcher = regex.matcher(value)
    if (!matcher.matches()) return
    const name = expand(rule.text('target_label') ?? '', matcher)
    set(changed, name, expand(rule.text('replacement') ?? '$1', matcher))
    return
  },
  keep: ({ regex, value }) => (regex.matches(value) ? undefined : 'drop'),
  drop: ({ regex, value }) => (regex.matches(value) ? 'drop' : undefined),
  keepequal: ({ changed, rule, value }) =>
    changed.get(rule.text('target_label') ?? '') === value ? undefined : 'drop',
  dropequal: ({ changed, rule, value }) =>
    changed.get(rule.text('target_label') ?? '') === value ? 'drop' : undefined,
  lowercase({ changed, rule, value }) {
    set(changed, rule.text('target_label') ?? '', value.toLowerCase())
    return
  },
  uppercase({ changed, rule, value }) {
    set(changed, rule.text('target_label') ?? '', value.toUpperCase())
    return
  },
  labelmap({ changed, rule, regex }) {
    for (const [name, value] of [...changed]) {
      const matcher = regex.matcher(name)
      if (matcher.matches()) set(changed, expand(rule.text('replacement') ?? '$1', matcher), value)
    }
    return
  },
  labeldrop({ changed, regex }) {
    for (const name of [...changed.keys()]) if (regex.matches(name)) changed.delete(name)
    return
  },
  labelkeep({ changed, regex }) {
    for (const name of [...changed.keys()]) if (!regex.matches(name)) changed.delete(name)
    return
  },
}

/** An empty label is the same as none. */
function set(labels: Map<string, string>, name: string, value: string): void {
  if (value === '') labels.delete(name)
  else labels.set(name, value)
}

function regexOf(rule: Fields): RE2JS | undefined {
  try {
    return RE2JS.compile(rule.text('regex') ?? '(.*)', RE2JS.DOTALL)
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error
    return undefined
  }
}

/** `$1`, `${1}`, `$name` and `${name}` are what the groups have found, `$$` is a dollar sign; a group that is not there is empty. */
function expand(template: string, matcher: Matcher): string {
  const { namedGroups } = matcher
  return template.replaceAll(/\$(?:\$|(\w+)|\{(\w+)\})/g, (_found, plain?: string, braced?: string) => {
    const name = plain ?? braced
    if (name === undefined) return '$'
    const number = /^\d+$/.test(name) ? Number(name) : namedGroups[name]
    return number === undefined || number > matcher.groupCount() ? '' : (matcher.group(number) ?? '')
  })
}

import { ValueError } from '../../settings/values/value.ts'
import type { TemplateName } from '../shared/template-values.ts'
import { mark } from './programs.ts'

/**
 * The templates of Minitor: those of its first version and those of the version in Go. Every other brace
 * means nothing and stays as it is.
 *
 * Source: https://git.iamthefij.com/iamthefij/minitor-go, README.md and alert.go
 */
const goNames: Readonly<Record<string, TemplateName>> = {
  AlertCount: 'alert_count',
  FailureCount: 'failure_count',
  LastCheckOutput: 'last_output',
  LastSuccess: 'last_success',
  MonitorName: 'monitor_name',
  IsUp: 'is_up',
}

/** `${monitor_name}` is a variable of the shell. */
const grammar =
  /(?<!\$)\{(alert_count|alert_message|failure_count|last_output|last_success|monitor_name)\}|\{\{\s*\.(AlertCount|FailureCount|LastCheckOutput|LastSuccess|MonitorName|IsUp)\s*\}\}/
    .source

const anywhere = new RegExp(grammar, 'g')
const here = new RegExp(grammar, 'y')

/** A template in a text. */
export interface Template {
  readonly name: TemplateName
  /** As it is written. */
  readonly source: string
}

/** The template that begins at an offset. */
export function templateAt(text: string, offset: number): Template | undefined {
  here.lastIndex = offset
  const match = here.exec(text)
  return match === null ? undefined : fromMatch(match)
}

export function templatesIn(text: string): Template[] {
  return Array.from(text.matchAll(anywhere), fromMatch)
}

/** What stands for a value in a word that is judged: numbers, times, true and false are as good as a plain word. */
export function markOf({ name }: Template): string {
  if (name === 'last_output') return mark.text
  return name === 'alert_message' || name === 'monitor_name' ? mark.name : '0'
}

export function replaceTemplates(text: string, replacement: (template: Template) => string): string {
  return text.replace(anywhere, (source) => {
    const template = templateAt(source, 0)
    return template === undefined ? source : replacement(template)
  })
}

/** Why a command with templates is refused. */
export function refusal(templates: readonly Template[], why: string): ValueError {
  const template = templates.find((each) => markOf(each) !== '0') ?? templates[0]
  const variable = template && variableOf(template.name)
  return new ValueError(
    `${template?.source} cannot be used there: ${why}. Run a script that reads "$${variable}" from its environment instead`,
  )
}

/** The environment variable that has a value. */
export function variableOf(name: TemplateName): string {
  return `PROBITY_${name.toUpperCase()}`
}

function fromMatch(match: RegExpExecArray): Template {
  const [source, first, go] = match
  return { source, name: first === undefined ? (goNames[go ?? ''] ?? 'is_up') : (first as TemplateName) }
}

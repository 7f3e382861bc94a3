import type { TemplateName, TemplateValues } from '../shared/template-values.ts'

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

/** Puts the values in, for what is given to a program without a shell. */
export function fillTemplates(text: string, values: TemplateValues): string {
  return text.replace(anywhere, (source) => {
    const template = templateAt(source, 0)
    return template === undefined ? source : values[template.name]
  })
}

/** Whether the value may be any text: what a target or a stranger wrote may be in it. */
export function isFreeText({ name }: Template): boolean {
  return !(plain as readonly string[]).includes(name)
}

/** Numbers, times, true and false. */
const plain = ['alert_count', 'failure_count', 'last_success', 'is_up'] as const

/** The environment variable that has a value. */
export function variableOf(name: TemplateName): string {
  return `PROBITY_${name.toUpperCase()}`
}

function fromMatch(match: RegExpExecArray): Template {
  const [source, first, go] = match
  return { source, name: first === undefined ? (goNames[go ?? ''] ?? 'is_up') : (first as TemplateName) }
}

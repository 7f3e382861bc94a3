import type { z } from 'zod'
import { asText, value, ValueError } from '../../settings/values/value.ts'
import type { CommandLine } from '../../lib/io/run-command.ts'
import { hasValue, isShellScript, whyRefused } from './programs.ts'
import { compileShellScript } from './shell.ts'
import { markOf, refusal, replaceTemplates, templatesIn, variableOf, type Template } from './template.ts'
import { templateNames, type TemplateValues } from '../shared/template-values.ts'

/** A command of a config file: a string for a shell, or a list that is executed as it is. */
export const commandLine: z.ZodType<CommandLine> = value(
  (input) => {
    const line = Array.isArray(input) ? input.map(asText) : asText(input)
    if ((typeof line === 'string' ? line.trim() : (line[0] ?? '')) === '')
      throw new ValueError('has no program')
    if ([line].flat().some((part) => part.includes('\0'))) throw new ValueError('contains a NUL character')
    compileCommand(line)
    return line
  },
  {
    anyOf: [
      { type: 'string', minLength: 1, description: 'A script for /bin/sh.' },
      { type: 'array', items: { type: 'string' }, minItems: 1, description: 'A program and its arguments.' },
    ],
  },
)

/** Makes the command to run of the values of a notification. */
export type CompiledCommand = (values: TemplateValues) => CommandLine

/**
 * Prepares the templates in a command.
 *
 * @throws ValueError where a value would be read as code.
 */
export function compileCommand(line: CommandLine): CompiledCommand {
  if (typeof line === 'string') {
    const script = compileShellScript(line)
    return () => script
  }
  const templates = line.flatMap(templatesIn)
  if (templates.length === 0) return () => line
  // `sh -c SCRIPT` is the same as SCRIPT alone: the values are in its environment.
  const script = isShellScript(line) ? 2 : -1
  const parts = line.map((part, index) => (index === script ? compileShellScript(part) : part))
  const fill = (replacement: (template: Template) => string): string[] =>
    parts.map((part, index) => (index === script ? part : replaceTemplates(part, replacement)))
  const words = fill(markOf)
  const why = words.some(hasValue) ? whyRefused(words, false) : undefined
  if (why !== undefined) throw refusal(templates, why)
  return (values) => fill(({ name }) => values[name])
}

/** The values as environment variables: `PROBITY_STATUS`, `PROBITY_TARGET` and so on. */
export function commandVariables(values: TemplateValues): Record<string, string> {
  return Object.fromEntries(templateNames.map((name) => [variableOf(name), values[name]]))
}

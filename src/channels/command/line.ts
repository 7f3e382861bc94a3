import type { z } from 'zod'
import { asText, value, ValueError } from '../../settings/values/value.ts'
import type { CommandLine } from '../../lib/io/run-command.ts'
import { isCode, isShellScript, readAsCode } from './code.ts'
import { compileShellScript } from './shell.ts'
import { fillTemplates, isFreeText, templatesIn, variableOf } from './template.ts'
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
  const parts = line.map((part, index) => compileArgument(part, line.slice(0, index)))
  return (values) => parts.map((part) => part(values))
}

function compileArgument(part: string, before: readonly string[]): (values: TemplateValues) => string {
  if (isShellScript(before)) {
    const script = compileShellScript(part)
    return () => script
  }
  const template = templatesIn(part).find(isFreeText)
  if (template && isCode(before, part.slice(0, part.indexOf(template.source)))) throw readAsCode(template)
  return (values) => fillTemplates(part, values)
}

/** The values as environment variables: `PROBITY_STATUS`, `PROBITY_TARGET` and so on. */
export function commandVariables(values: TemplateValues): Record<string, string> {
  return Object.fromEntries(templateNames.map((name) => [variableOf(name), values[name]]))
}

import type { CommandUnknownOpts } from '@commander-js/extra-typings'
import type { Argument } from 'commander'

type Option = CommandUnknownOpts['options'][number]
import { loadProgram } from '../../../src/cli.ts'

/**
 * Every command, argument and flag, such as `probity probe --timeout <duration>  default: 10s  env: PROBITY_TIMEOUT`. What
 * depends on whether a terminal is there has a line for each.
 */
export async function commandLine(): Promise<string[]> {
  const inTerminal = await withTerminal(true)
  const piped = await withTerminal(false)
  return [
    ...piped.map((line) => (inTerminal.includes(line) ? line : `${line}  (not on a terminal)`)),
    ...inTerminal.filter((line) => !piped.includes(line)).map((line) => `${line}  (on a terminal)`),
  ]
}

async function withTerminal(isTTY: boolean): Promise<string[]> {
  const before = process.stdout.isTTY
  process.stdout.isTTY = isTTY
  try {
    return linesOf(await loadProgram(), '')
  } finally {
    process.stdout.isTTY = before
  }
}

function linesOf(command: CommandUnknownOpts, parents: string): string[] {
  const path = `${parents}${command.name()}`
  return [
    [path, ...command.registeredArguments.map(argumentOf), ...command.aliases()].join(' '),
    ...command.options.map((option) => `${path} ${optionOf(option)}`),
    ...command.commands.flatMap((child) => linesOf(child, `${path} `)),
  ]
}

function argumentOf(argument: Argument): string {
  const name = argument.variadic ? `${argument.name()}...` : argument.name()
  const shown = argument.required ? `<${name}>` : `[${name}]`
  return argument.defaultValue === undefined ? shown : `${shown}=${JSON.stringify(argument.defaultValue)}`
}

function optionOf({
  flags,
  defaultValue,
  defaultValueDescription,
  envVar,
  argChoices,
  mandatory,
}: Option): string {
  const byDefault = defaultValueDescription ?? (defaultValue === undefined ? undefined : String(defaultValue))
  const said: readonly (readonly [string, string | undefined])[] = [
    ['default', byDefault],
    ['env', envVar],
    ['choices', argChoices?.join(', ')],
    ['mandatory', mandatory ? 'yes' : undefined],
  ]
  return [flags, ...said.flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]))].join(
    '  ',
  )
}

import type { CommandUnknownOpts } from '@commander-js/extra-typings'
import { loadProgram } from '../../src/cli.ts'
import { version } from '../../src/lib/version.ts'

type Option = CommandUnknownOpts['options'][number]

/** What a process of Probity ends with. */
const exitCodes: readonly (readonly [code: string, meaning: string])[] = [
  ['0', 'It did what it was asked for; a service was stopped by SIGTERM or SIGINT.'],
  [
    '1',
    'It could not, or what it was asked about is not right: an unknown flag, a configuration with mistakes, a failed check in "probity probe", an address that is in use. The message on stderr says what to do.',
  ],
  ['70', 'An exception that nothing handles. A service has written its state before, and its next start reports the crash.'],
]

const files: readonly (readonly [path: string, content: string])[] = [
  ['config/targets.yml', 'What is watched. The names of files are relative to the working directory; flags name others.'],
  ['config/notify.yml', 'Who is notified.'],
  ['.env', 'Environment variables, a line NAME=value for each, unless they are set already.'],
  ['data/', 'What "probity solo" keeps: state, history, the alerts log.'],
]

/** A text in which nothing is read as a request of roff. */
const plain = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .split('\n')
    .map((line) => line.trim().replace(/^[.']/, '\\&$&'))
    .filter((line) => line !== '')
    .join('\n')

const bold = (text: string): string => `\\fB${plain(text)}\\fR`
const entry = (term: string, text: string): string => `.TP\n${term}\n${plain(text)}`
const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, '')}.`

function optionEntry(option: Option): string {
  const { flags, description, envVar, argChoices } = option
  const defaultValue: unknown = option.defaultValueDescription ?? option.defaultValue
  const parts = [sentence(description)]
  if (argChoices !== undefined) parts.push(`One of: ${argChoices.join(', ')}.`)
  if (typeof defaultValue === 'string' || typeof defaultValue === 'number') parts.push(`Default: ${defaultValue}.`)
  if (envVar !== undefined) parts.push(`Variable: ${envVar}.`)
  return entry(bold(flags), parts.join('\n'))
}

/** A command with its arguments and flags; commands of commands follow it. */
function commandSection(command: CommandUnknownOpts, before: string): string {
  const name = `${before} ${command.name()}`
  return [
    `.SS ${plain(`${name} ${command.usage()}`)}`,
    plain(command.description()),
    ...command.registeredArguments.map((argument) => entry(`\\fI${plain(argument.name())}\\fR`, sentence(argument.description))),
    ...command.options.map(optionEntry),
    ...command.commands.map((one) => commandSection(one, name)),
  ].join('\n')
}

/** man/probity.1: the help of every command. */
export async function manPage(): Promise<string> {
  const program = await loadProgram()
  const rows = (all: readonly (readonly [string, string])[]): string[] => all.map(([term, text]) => entry(bold(term), text))
  return `${[
    `.\\" Generated from the help of every command by "npm run generate".`,
    `.TH PROBITY 1 "" "probity ${version}" "Probity"`,
    '.SH NAME',
    'probity \\- watches services and APIs, and notifies with evidence',
    '.SH SYNOPSIS',
    '.B probity',
    '.I command',
    plain('[options]'),
    '.SH DESCRIPTION',
    plain(program.description()),
    plain('"probity init" writes a first configuration, and "probity solo" runs it in one process.'),
    '.SH COMMANDS',
    ...program.commands.map((command) => commandSection(command, 'probity')),
    '.SH EXIT STATUS',
    ...rows(exitCodes),
    '.SH FILES',
    ...rows(files),
    '.SH SIGNALS',
    entry(bold('SIGHUP'), 'A service reads its configuration again. Changes of files are noticed without it.'),
    entry(bold('SIGTERM, SIGINT'), 'A service ends within 10 seconds; what was not delivered is delivered after its next start.'),
  ].join('\n')}\n`
}

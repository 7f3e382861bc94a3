import type { z } from 'zod'
import type { CommandLine } from '../../../lib/io/run-command.ts'
import { hasExpansion, type Expanded } from '../../../settings/secrets.ts'
import { asText, value, ValueError, type JsonSchema } from '../../../settings/values/value.ts'
import { collectInserted } from '../../http/settings/secrets.ts'
import type { CheckSchema, Concealed, Given } from '../../kind.ts'
import { concealVariables, readPlain, variablesOf, variablesShape } from '../variables.ts'

/** A program to run; the target is up when it exits with code 0. */
export interface CommandCheck {
  readonly kind: 'command'
  /** A text is a script for `/bin/sh`; a list is executed as it is, the program first. */
  readonly command: CommandLine
  /** On top of the environment of Probity. */
  readonly env: Readonly<Record<string, string>>
  /** Where it runs. Absent: where Probity runs. */
  readonly cwd?: string
  /** The name or the number of the user that it runs as. Absent: that of Probity. */
  readonly user?: string
}

function readCommand(input: unknown): CommandLine {
  if (!Array.isArray(input)) return readPlain(input)
  if (input.length === 0) throw new ValueError('has no program: expected a list such as [curl, -sf, URL]')
  return input.map((part: unknown, index) => {
    // Only the program cannot be empty.
    const text = index === 0 ? readPlain(part) : asText(part)
    if (text.includes('\0')) throw new ValueError('contains a NUL character')
    return text
  })
}

const commandJson: JsonSchema = {
  anyOf: [
    { type: 'string', minLength: 1, description: 'A script for /bin/sh.' },
    { type: 'array', items: { type: 'string' }, minItems: 1, description: 'A program and its arguments.' },
  ],
  description: 'A program to run; the target is up when it exits with code 0.',
}

const textOrNothing = (description: string): z.ZodType<string | null> =>
  value((input) => (input === null ? null : readPlain(input)), { type: ['string', 'null'], description })

/** The keys of a target that is watched by a command. */
const shape = {
  command: value(readCommand, commandJson).optional(),
  ...variablesShape,
  cwd: textOrNothing(
    'The folder it runs in; `~` removes an inherited one. Default: the working directory of Probity.',
  ).optional(),
  user: textOrNothing(
    'The name or number of the user it runs as; Probity must be allowed to become that user. `~` removes an inherited one. Default: the user of Probity.',
  ).optional(),
}

/** Of its answer nothing is expected but the exit code. */
const expectShape = {}

type Parsed = { readonly [K in keyof typeof shape]: z.output<(typeof shape)[K]> }
type CommandSettings = Given<Parsed, 'command'> & Pick<Parsed, 'env' | 'cwd' | 'user'>

function toCheck({ command, env, cwd, user }: CommandSettings): CommandCheck {
  return {
    kind: 'command',
    command,
    env: variablesOf(env),
    ...(typeof cwd === 'string' && { cwd }),
    ...(typeof user === 'string' && { user }),
  }
}

/** A command has no address: its target's name stands for it. */
function conceal(written: Readonly<Record<string, unknown>>, expand: (text: string) => Expanded): Concealed {
  const secrets = new Set<string>()
  const { name, command, env, cwd } = written
  // A script is left as it is written: what it reads from its environment is not supported here.
  collectInserted([Array.isArray(command) ? command : [], cwd], expand, secrets)
  const shown = { ...written, ...concealVariables(env, expand, secrets) }
  secrets.delete('')
  const instance = typeof name !== 'string' ? 'command' : hasExpansion(name) ? expand(name).value : name
  return { instance, shown, secrets: [...secrets] }
}

export const commandSchema: CheckSchema<typeof shape, typeof expectShape, CommandSettings, CommandCheck> = {
  key: 'command',
  shape,
  expectShape,
  shellKeys: ['command'],
  local: true,
  // How long a program takes says little of what it checks.
  defaults: { expect: { max_latency: 'off' } },
  toCheck,
  conceal,
}

import type { z } from 'zod'
import { word } from '../../../settings/values/scalars.ts'
import { asText, oneOrMany, seen, value, ValueError } from '../../../settings/values/value.ts'
import type { CheckSchema, Given } from '../../kind.ts'
import { concealNetwork } from '../../shared/secrets.ts'
import { restartsShape } from '../restarts.ts'

/** https://www.freedesktop.org/software/systemd/man/latest/org.freedesktop.systemd1.html, ActiveState. */
export const activeStates = [
  'active',
  'reloading',
  'inactive',
  'failed',
  'activating',
  'deactivating',
  'maintenance',
  'refreshing',
] as const
export type ActiveState = (typeof activeStates)[number]

/** The state of a unit, as its service manager reports it. */
export interface SystemdCheck {
  readonly kind: 'systemd'
  /** With its type, such as `nginx.service`. */
  readonly unit: string
  readonly manager: 'system' | 'user'
  readonly expect: {
    readonly activeStates: readonly ActiveState[]
    /** Automatic restarts since somebody last started it. Absent: any number. */
    readonly maxRestarts?: number
  }
}

const types = 'service|socket|target|device|mount|automount|swap|timer|path|slice|scope'
const unitName = new RegExp(`^[A-Za-z0-9:_.\\\\@][A-Za-z0-9:_.\\\\@-]*\\.(?:${types})$`)

/** The root of all mounts, and of all slices. Another name that begins with a hyphen is a flag of systemctl by mistake. */
const roots: readonly string[] = ['-.mount', '-.slice']

/** As systemctl has it, which takes a name without a type for a service. Neither patterns nor flags are names. */
function readUnit(input: unknown): string {
  const text = asText(input)
  const name = new RegExp(`\\.(?:${types})$`).test(text) ? text : `${text}.service`
  if (roots.includes(name)) return name
  if (!unitName.test(name) || name.length > 255)
    throw new ValueError(
      `${seen} is not the name of a unit: expected one such as nginx.service or backup.timer`,
    )
  return name
}

const shape = {
  systemd: value(readUnit, {
    type: 'string',
    description: 'The unit; without a type, such as `.timer`, it is a service.',
  }).optional(),
  systemd_manager: word(['system', 'user'])
    .optional()
    .describe(
      'Whose unit it is: that of the `system`, or that of the `user` that Probity runs as. Default: `system`.',
    ),
}

function readState(input: unknown): ActiveState {
  const found = activeStates.find((state) => state === input)
  if (found === undefined) throw new ValueError(`${seen} is not a state: expected ${activeStates.join(', ')}`)
  return found
}

const expectShape = {
  active_state: oneOrMany(readState, { enum: [...activeStates] })
    .optional()
    .describe(
      'The state of the unit, or several of which one will do, such as `[active, inactive]`. Default: `active`.',
    ),
  ...restartsShape,
}

type Parsed = { readonly [K in keyof typeof shape]: z.output<(typeof shape)[K]> }
type ParsedExpect = { readonly [K in keyof typeof expectShape]: z.output<(typeof expectShape)[K]> }
type SystemdSettings = Given<Parsed, keyof Parsed> & {
  readonly expect: Given<ParsedExpect, 'active_state'> & Pick<ParsedExpect, 'max_restarts'>
}

function toCheck({ systemd: unit, systemd_manager: manager, expect }: SystemdSettings): SystemdCheck {
  const { active_state: states, max_restarts: maxRestarts } = expect
  return {
    kind: 'systemd',
    unit,
    manager,
    expect: {
      activeStates: states,
      ...(maxRestarts !== undefined && { maxRestarts }),
    },
  }
}

export const systemdSchema: CheckSchema<typeof shape, typeof expectShape, SystemdSettings, SystemdCheck> = {
  key: 'systemd',
  local: true,
  shape,
  expectShape,
  // How long systemctl takes says nothing of the unit.
  defaults: { systemd_manager: 'system', expect: { active_state: ['active'], max_latency: 'off' } },
  toCheck,
  conceal: (written, expand) =>
    concealNetwork(written, readUnit(expand(String(written['systemd'])).value), expand),
}

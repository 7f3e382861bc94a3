import type { Failure } from '../../../net/failure.ts'
import { ProbeFailure } from '../../../net/failure.ts'
import { runCommand, type CommandOutcome } from '../../../lib/io/run-command.ts'
import { cut, oneLine, plainText } from '../../../lib/text/text.ts'
import { createSlots } from '../../../lib/time/slots.ts'
import { attempt } from '../../shared/attempt.ts'
import type { Prober } from '../../result.ts'
import { tooManyRestarts } from '../restarts.ts'
import { properties, readProperties, type UnitState } from './properties.ts'
import { stateOf, type SystemdResult } from './result.ts'
import type { SystemdCheck } from './schema.ts'

export interface SystemdProberOptions {
  /** The environment, for its PATH. Default: this process's. */
  readonly env?: NodeJS.ProcessEnv
  /** Programs that may run at the same time; more wait for their turn. Default 10. */
  readonly maxRunning?: number
}

/** The deadline is the signal's; this one only has to be later. */
const neverMs = 2 ** 31 - 1

/** Six lines are expected. */
const maxOutputBytes = 16 * 1024

/**
 * Makes a prober that asks the service manager for the state of a unit, through systemctl: its own protocol, D-Bus, would take a
 * library.
 */
export function createSystemdProber(options: SystemdProberOptions = {}): Prober<SystemdCheck> {
  const { env = process.env, maxRunning = 10 } = options
  const slots = createSlots(maxRunning)

  const ask = ({ unit, manager }: SystemdCheck, signal: AbortSignal): Promise<CommandOutcome> =>
    runCommand(
      [
        ...['systemctl', '--no-pager', '--no-ask-password', `--${manager}`, 'show'],
        ...[`--property=${properties.join(',')}`, '--', unit],
      ],
      {
        env: {
          PATH: env['PATH'],
          // The words of another language could not be read.
          LC_ALL: 'C',
          // Where the manager of the user is.
          XDG_RUNTIME_DIR: env['XDG_RUNTIME_DIR'],
          DBUS_SESSION_BUS_ADDRESS: env['DBUS_SESSION_BUS_ADDRESS'],
        },
        timeoutMs: neverMs,
        killAfterMs: 50,
        maxOutputBytes,
        signal,
      },
    )

  return async (check, context) => {
    let systemd: SystemdResult | undefined
    return attempt(context, {
      details: () => (systemd ? { systemd } : {}),
      work: async ({ evidence }) => {
        evidence.doing = 'waiting for other runs of systemctl'
        const release = await slots.take(context.signal)
        if (!release) throw new ProbeFailure('timeout', `${maxRunning} runs of systemctl are enough`)
        try {
          evidence.doing = 'waiting for systemctl'
          const outcome = await ask(check, context.signal)
          context.log.add('systemctl has ended', { exitCode: outcome.exitCode ?? 'none' })
          const state = outcome.failure ? undefined : readProperties(outcome.output)
          if (!state) return withoutState(outcome)
          const { loadState, ...seen } = state
          context.log.add('unit seen', { load: loadState, active: seen.activeState, sub: seen.subState })
          const missing = whyMissing(state, check)
          if (missing === undefined) systemd = seen
          return missing ?? judge(seen, check)
        } finally {
          release()
        }
      },
    })
  }
}

/** The prober of `systemd:` targets. */
export const probeSystemd = createSystemdProber()

/** What systemctl says where it can reach no manager, and what to do about it. */
const unreachable =
  /has not been booted with systemd|failed to connect to (?:the )?(?:system |user )?(?:scope )?bus/i

function withoutState({ failure, exitCode, output }: CommandOutcome): Failure {
  if (failure?.kind === 'not_started')
    return {
      reason: 'command',
      message: `systemctl ${failure.message}: a check of systemd has to run on the machine of the unit`,
    }
  const words = cut(oneLine(plainText(output)), 200)
  if (unreachable.test(output))
    return {
      reason: 'command',
      message: `systemctl does not reach systemd (${words}): run Probity on the machine of the unit, outside of a container`,
    }
  return {
    reason: 'command',
    message: `systemctl ended with ${exitCode === undefined ? 'a signal' : `exit code ${exitCode}`} and does not say the state: ${words === '' ? 'it printed nothing' : words}`,
  }
}

function whyMissing({ loadState }: UnitState, { unit, manager }: SystemdCheck): Failure | undefined {
  if (loadState === 'loaded' || loadState === 'merged') return undefined
  const what: Readonly<Record<string, string>> = {
    'not-found': `there is no unit ${unit} in the ${manager} manager of this machine`,
    masked: `${unit} is masked: it cannot be started`,
    'bad-setting': `the file of ${unit} has a mistake: see systemctl status ${unit}`,
  }
  return { reason: 'status', message: what[loadState] ?? `${unit} is not loaded: its state is ${loadState}` }
}

function judge(seen: SystemdResult, { unit, expect }: SystemdCheck): Failure | undefined {
  const { activeStates, maxRestarts } = expect
  if (!activeStates.some((state) => state === seen.activeState))
    return {
      reason: 'status',
      message: `expected ${unit} to be ${activeStates.join(' or ')}, it is ${stateOf(seen)}`,
    }
  const message = tooManyRestarts(unit, seen.restarts, maxRestarts)
  return message === undefined ? undefined : { reason: 'status', message }
}

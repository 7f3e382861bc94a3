import { z } from 'zod'
import { durationUpTo, flag } from '../../settings/values/scalars.ts'
import { credentialName } from '../../settings/credential-name.ts'
import { asText, keys, mapping, oneOrMany, value, ValueError } from '../../settings/values/value.ts'
import { messageOf } from '../../lib/errors.ts'
import { redact } from '../../lib/text/redact.ts'
import { runCommand, type CommandOutcome } from '../../lib/io/run-command.ts'
import { serialByKey } from '../../lib/time/serial.ts'
import { excerpt, oneLine, plainText } from '../../lib/text/text.ts'
import { DeliveryError, type Channel, type Notification, type NotificationStatus } from '../channel.ts'
import { auditEntry, type AuditedCommand } from './audit.ts'
import { commandGuard } from './guard.ts'
import { commandLine, commandVariables, compileCommand, type CompiledCommand } from './line.ts'
import { commandRunOf } from './run.ts'
import type { ChannelDependencies } from '../dependencies.ts'
import { text, wholeNumber } from '../shared/settings.ts'
import { templateValues } from '../shared/template-values.ts'

const environment = mapping(
  (name) => {
    if (!/^[A-Za-z_]\w*$/.test(name)) throw new ValueError('is not a valid environment variable name')
  },
  value(
    (input) => {
      const given = asText(input)
      if (given.includes('\0')) throw new ValueError('contains a NUL character')
      return given
    },
    { type: 'string' },
  ),
  { type: 'object', additionalProperties: { type: 'string' } },
)

export const commandSettings = keys({
  type: z.literal('command').describe('The kind of channel.'),
  command: commandLine.describe(
    'A script for /bin/sh, or a program and its arguments; templates such as {{.TargetName}} are filled in.',
  ),
  timeout: durationUpTo(3600, '1h').default(30).describe('Timeout, up to `1h`. Default: `30s`.'),
  env: environment
    .optional()
    .describe('Environment variables, in addition to those of Probity. Default: none.'),
  cwd: text.optional().describe('The folder it runs in. Default: the working directory of Probity.'),
  when: oneOrMany(readStatus, { enum: ['firing', 'resolved'] })
    .optional()
    .describe(
      'Which notifications it is run for: `firing`, `resolved` or both. Default: both; `firing` where `cooldown`, `max_runs`, `only_if` or `dry_run` is set.',
    ),
  cooldown: durationUpTo(30 * 86_400, '30d')
    .optional()
    .describe('Minimum time between two runs for one target, up to `30d`. Default: none.'),
  cooldown_per: z
    .enum(['target', 'channel'])
    .default('target')
    .describe(
      'Whether `cooldown` is for each target, or for all of them together (`channel`). Default: `target`.',
    ),
  max_runs: wholeNumber(1, 1000)
    .optional()
    .describe('Maximum number of runs while one alert fires. Default: no limit.'),
  only_if: commandLine.optional().describe('A command that must succeed first. Default: none.'),
  dry_run: flag
    .default(false)
    .describe('Whether to run nothing: the audit log says what would have run. Default: `false`.'),
})

function readStatus(input: unknown): NotificationStatus {
  if (input === 'firing' || input === 'resolved') return input
  throw new ValueError('expected firing or resolved')
}

export type CommandSettings = z.infer<typeof commandSettings>

/**
 * Runs a program: to notify somebody, or to repair something. Where one of `cooldown`, `max_runs`, `only_if` and `dry_run` is
 * set, it repairs: then it is not run for a test, and a failed run is not repeated as a failed delivery would be.
 *
 * @throws ValueError where a template's value would be read as code; the settings were checked for that.
 */
export function createCommandChannel(settings: CommandSettings, dependencies: ChannelDependencies): Channel {
  const { name, clock, store, env, audit, ran } = dependencies
  const { command, cooldown, max_runs: maxRuns, only_if: onlyIf, dry_run: dryRun } = settings
  const forAllTargets = settings.cooldown_per === 'channel'
  const named = Object.entries(settings.env ?? {}).filter(([variable]) => credentialName.test(variable))
  const secrets = [...(dependencies.secrets ?? []), ...named.map(([, value]) => value)]
  const compiled = compileCommand(command)
  const condition = onlyIf === undefined ? undefined : compileCommand(onlyIf)
  const mends = cooldown !== undefined || maxRuns !== undefined || condition !== undefined || dryRun
  const when = settings.when ?? (mends ? ['firing'] : ['firing', 'resolved'])
  const guard = commandGuard({
    channel: name,
    cooldown,
    forAllTargets,
    maxRuns,
    store: reliable(name, store),
    clock,
  })
  const serial = serialByKey()

  async function run(
    line: CompiledCommand,
    notification: Notification,
    signal: AbortSignal,
  ): Promise<CommandOutcome> {
    const values = templateValues(notification)
    return runCommand(line(values), {
      env: { ...env, ...settings.env, ...commandVariables(values) },
      cwd: settings.cwd,
      timeoutMs: settings.timeout * 1000,
      // What it starts for good, a service for example, is not ours to end.
      background: 'leave',
      signal,
    })
  }

  async function write(
    entry: Pick<AuditedCommand, 'notification' | 'action' | 'why' | 'outcome'>,
  ): Promise<void> {
    try {
      await audit(auditEntry({ channel: name, time: new Date(clock.now()), command, secrets, ...entry }))
    } catch (cause) {
      const message = `${name}: ${entry.action}, but the audit log cannot be written: ${messageOf(cause)}`
      throw new DeliveryError(message, { cause, retry: false })
    }
  }

  /** Whether it may be run; if not, the audit log says why. */
  async function allowed(notification: Notification, signal: AbortSignal): Promise<boolean> {
    const why = notification.status === 'firing' ? await guard.refusal(notification) : undefined
    if (why !== undefined) {
      await write({ notification, action: 'skip', why })
      return false
    }
    if (condition === undefined) return true
    const outcome = await run(condition, notification, signal)
    signal.throwIfAborted()
    if (outcome.failure === undefined) return true
    await write({ notification, action: 'skip', why: 'only_if', outcome })
    if (outcome.failure.kind === 'not_started') throw failed(`${name}: only_if`, outcome, false, secrets)
    return false
  }

  async function runGuarded(notification: Notification, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (!(await allowed(notification, signal))) return
    if (dryRun || (mends && notification.test)) {
      if (!notification.test) await guard.record(notification)
      await write({ notification, action: 'dry_run' })
      return
    }
    if (notification.status === 'firing') await guard.record(notification)
    const startedAt = new Date(clock.now())
    const outcome = await run(compiled, notification, signal)
    if (!notification.test)
      ran?.(commandRunOf({ channel: name, notification, outcome, startedAt, repairs: mends, secrets }))
    await write({ notification, action: 'run', outcome })
    if (outcome.failure?.kind === 'aborted') signal.throwIfAborted()
    if (outcome.failure)
      throw failed(name, outcome, !mends && outcome.failure.kind !== 'not_started', secrets)
  }

  return {
    name,
    async deliver(notification, signal) {
      signal.throwIfAborted()
      const key = forAllTargets ? '' : notification.target || notification.fingerprint
      await serial(key, async () => {
        if (notification.status === 'resolved') await guard.forget(notification)
        if (when.includes(notification.status)) await runGuarded(notification, signal)
        else if (notification.test) await write({ notification, action: 'skip', why: 'when' })
      })
    },
  }
}

/** What cannot be looked up now may be later; until then nothing is run. */
function reliable(name: string, store: ChannelDependencies['store']): ChannelDependencies['store'] {
  const refuse = (cause: unknown): never => {
    throw new DeliveryError(
      `${name}: not run, because the time of its last run is unknown: ${messageOf(cause)}`,
      {
        cause,
        retry: true,
      },
    )
  }
  return {
    get: (key) => store.get(key).catch(refuse),
    set: (key, value) => store.set(key, value).catch(refuse),
  }
}

const maxShown = 300

function failed(
  what: string,
  { failure, output }: CommandOutcome,
  retry: boolean,
  secrets: readonly string[],
): DeliveryError {
  const words = oneLine(excerpt(plainText(output), maxShown))
  const message = `${what} ${failure?.message ?? 'failed'}${words === '' ? '' : `: ${words}`}`
  return new DeliveryError(redact(message, secrets), { retry })
}

import type { CommandRun } from './run.ts'
import type { JudgedRun } from './verdict.ts'

/** `exit 0`, `exit 3`, `was killed by SIGKILL`. */
export function outcomeText({
  outcome,
  exitCode,
  failure,
}: Pick<CommandRun, 'outcome' | 'exitCode' | 'failure'>): string {
  if (outcome === 'succeeded') return 'exit 0'
  return outcome === 'exit' && exitCode !== undefined ? `exit ${exitCode}` : (failure ?? 'failed')
}

/** `the next 2 checks passed`; empty where checks say nothing about it. */
export function effectText({ verdict, checksAfter }: Pick<JudgedRun, 'verdict' | 'checksAfter'>): string {
  if (verdict === 'unjudged') return ''
  if (verdict === 'already_fine') return 'the target had recovered before'
  const [first, second] = checksAfter
  if (first === undefined) return 'no check since'
  if (!first) return 'the next check failed'
  if (second === undefined) return 'the next check passed'
  return second ? 'the next 2 checks passed' : 'the next check passed, the one after it failed'
}

/** `restart-shop ran at 12:03 UTC (exit 0); the next 2 checks passed`. */
export function runSentence(
  run: Pick<
    JudgedRun,
    'channel' | 'startedAt' | 'outcome' | 'exitCode' | 'failure' | 'verdict' | 'checksAfter'
  >,
): string {
  const effect = effectText(run)
  const time = new Date(run.startedAt).toISOString().slice(11, 16)
  return `${run.channel} ran at ${time} UTC (${outcomeText(run)})${effect === '' ? '' : `; ${effect}`}`
}

import { formatDuration } from '../../settings/values/duration.ts'
import type { Alert } from '../alert.ts'

/** What is known of a target from the three that can say something about it. */
export interface Testimony {
  /** Whether the newest check succeeded; absent where there is none. */
  readonly succeeded?: boolean
  /** The calls of programs in the last ten minutes; absent where none belongs to the target. */
  readonly calls?: { readonly calls: number; readonly errors: number; readonly maxErrorRatio: number }
  /** What its vendor says of itself; absent where nobody reads that. */
  readonly vendor?: { readonly name: string; readonly state: string }
  /** The last change of the target in the hour before it failed; absent where none is known. */
  readonly after?: { readonly title: string; readonly seconds: number }
  /** What it shares with others that fail, and with none that works: one sentence. Absent: nothing. */
  readonly shared?: string
  /** How far the way to it leads: one sentence. Absent: nobody has looked. */
  readonly route?: string
}

interface Statement {
  readonly words: string
  /** Undefined: it does not know. */
  readonly trouble?: boolean
}

/** The first failed check of the target of an alert: an alert begins later than that. */
export function failingSince({ annotations, startsAt }: Alert): Date {
  const { failing_since: since = '', interval = '0' } = annotations
  const first = Number(since) + Number(interval)
  return since !== '' && first > 0 && first < 1e12 ? new Date(first * 1000) : startsAt
}

/** Adds what the witnesses say, what else fails and has the same address or vendor, and what had changed before: `began 3m after checkout 1.4.2`. It claims no cause. */
export function withTestimony(alert: Alert, testimony: Testimony | undefined): Alert {
  const { after, shared, route } = testimony ?? {}
  const known = withWitnesses(alert, testimony)
  if (alert.status !== 'firing') return known
  const more = {
    ...(after && { after_mark: `began ${formatDuration(Math.round(after.seconds))} after ${after.title}` }),
    // Only an alert with a reason is about a failure.
    ...(alert.annotations.reason && shared !== undefined && { shared }),
    ...(alert.annotations.reason && route !== undefined && { route }),
  }
  return Object.keys(more).length === 0 ? known : { ...known, annotations: { ...known.annotations, ...more } }
}

/**
 * Says which of the witnesses see trouble, in the annotation `witnesses`: `checks fail, calls work, vendor acme says operational:
 * 1 of 3 sees trouble`. One witness alone has nobody to agree with.
 */
function withWitnesses(alert: Alert, testimony: Testimony | undefined): Alert {
  if (alert.status !== 'firing' || !testimony) return alert
  const statements = [...ofChecks(testimony), ...ofCalls(testimony), ...ofVendor(testimony)]
  if (statements.length < 2) return alert
  const known = statements.filter(({ trouble }) => trouble !== undefined)
  const count = known.filter(({ trouble }) => trouble).length
  const verdict = `${count} of ${known.length} ${count === 1 ? 'sees' : 'see'} trouble`
  const witnesses = `${statements.map(({ words }) => words).join(', ')}: ${verdict}`
  return { ...alert, annotations: { ...alert.annotations, witnesses } }
}

function ofChecks({ succeeded }: Testimony): Statement[] {
  if (succeeded === undefined) return []
  return [{ words: succeeded ? 'checks work' : 'checks fail', trouble: !succeeded }]
}

function ofCalls({ calls: seen }: Testimony): Statement[] {
  if (!seen) return []
  const { calls, errors, maxErrorRatio } = seen
  if (calls === 0) return [{ words: 'no calls' }]
  const trouble = errors / calls > maxErrorRatio
  const words = errors === 0 ? 'calls work' : `${errors} of ${calls} calls fail`
  return [{ words, trouble }]
}

function ofVendor({ vendor }: Testimony): Statement[] {
  if (!vendor) return []
  const { name, state } = vendor
  if (state === 'unknown') return [{ words: `what vendor ${name} says is not known` }]
  return [{ words: `vendor ${name} says ${state.replaceAll('_', ' ')}`, trouble: state !== 'operational' }]
}

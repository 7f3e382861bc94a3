/** A message about TargetDown as its receiver took it. */
export interface Told {
  readonly target: string
  readonly status: 'firing' | 'resolved'
  /** Milliseconds of the monotonic clock of this process, as all times here. */
  readonly at: number
}

/** Failed checks in a row. */
interface Outage {
  readonly began: number
  failures: number
  /** When the failure came from which on the alert may be sent. */
  dueAt?: number
  ended?: number
}

/** What must be sent about TargetDown, by what the targets answered: so many failures in a row begin it, and one success ends it. */
export interface Model {
  readonly answered: (target: string, good: boolean, at: number) => void
  readonly judge: (told: readonly Told[]) => Judged
}

export interface Judged {
  readonly due: number
  /** Milliseconds from the failure or the success that decides it to the message. */
  readonly delays: readonly number[]
  readonly faults: readonly string[]
}

export interface ModelOptions {
  /** `alert_after` of every target: it may be sent when the checks have failed for half an interval less than so many. */
  readonly alertAfter: number
  /** From so many failures on it must be sent. Between the two, a check that was left out on a busy machine may decide. */
  readonly surely: number
  /** Milliseconds between two checks. */
  readonly intervalMs: number
}

/** Milliseconds between the moment of a check and that at which its request arrives, on a busy machine. */
const slackMs = 2000

export function createModel({ alertAfter, surely, intervalMs }: ModelOptions): Model {
  const outages = new Map<string, Outage[]>()

  return {
    answered(target, good, at) {
      const all = outages.get(target) ?? []
      const last = all.at(-1)
      const current = last?.ended === undefined ? last : undefined
      if (good) {
        if (current) current.ended = at
        return
      }
      if (current) current.failures++
      else all.push({ began: at, failures: 1 })
      const failing = all.at(-1)
      // The first failure counts for an interval. Two may be enough if the second one is late.
      const failingMs = at - (failing?.began ?? at) + intervalMs
      if (failing && failingMs >= (alertAfter - 0.5) * intervalMs - slackMs) failing.dueAt ??= at
      outages.set(target, all)
    },
    judge(told) {
      const delays: number[] = []
      const faults: string[] = []
      let due = 0
      const toldOf = new Map<string, Told[]>()
      for (const one of told) toldOf.set(one.target, [...(toldOf.get(one.target) ?? []), one])
      for (const target of new Set([...outages.keys(), ...toldOf.keys()])) {
        const all = outages.get(target) ?? []
        const rest = [...(toldOf.get(target) ?? [])]
        const fault = (what: string): number => faults.push(`${target}: ${what}`)
        for (const [index, outage] of all.entries()) {
          // What is sent late may come after the next outage has begun, but not after that is due.
          const until = all[index + 1]?.dueAt ?? Infinity
          const beginning = rest[0]
          if (beginning?.status !== 'firing' || beginning.at >= until) {
            if (outage.failures < surely) continue
            due += 2
            fault(`lost the beginning after ${outage.failures} failures`)
            continue
          }
          due += outage.ended === undefined ? 1 : 2
          rest.shift()
          if (outage.dueAt === undefined || beginning.at < outage.dueAt)
            fault(`told after ${outage.failures} failures, expected ${alertAfter}`)
          else delays.push(beginning.at - outage.dueAt)
          if (outage.ended === undefined) continue
          if (rest[0]?.status !== 'resolved') {
            fault('lost the end')
            continue
          }
          if (rest[0].at < outage.ended) fault('reported the end before it')
          else delays.push(rest[0].at - outage.ended)
          rest.shift()
        }
        if (rest.length > 0) fault(`told what was not due: ${rest.map(({ status }) => status).join(', ')}`)
      }
      return { due, delays, faults }
    },
  }
}

import type { Alert } from '../alert.ts'

/** One alert that somebody would have been notified of. Times are unix seconds. */
export interface Told {
  readonly location: string
  readonly alertname: string
  /** Absent of an alert that is about no target. */
  readonly target?: string
  readonly severity: string
  /** When its notification went out, and its end; absent while it goes on. */
  readonly beganAt: number
  readonly endedAt?: number
  /** What it said at first. */
  readonly summary: string
}

/** The alerts that fired, from first notifications, repetitions and ends. */
export interface ToldList {
  readonly take: (alerts: readonly Alert[], now: number) => void
  /** Whether an alert goes on. */
  readonly goOn: boolean
  /** In the order in which they began. */
  readonly all: () => readonly Told[]
}

export function createTold(location: string): ToldList {
  const list: Told[] = []
  /** Where in the list those are that go on. */
  const open = new Map<string, number>()

  return {
    take(alerts, now) {
      for (const { fingerprint, status, labels, annotations } of alerts) {
        const index = open.get(fingerprint)
        if (status === 'firing' && index === undefined) {
          const { alertname = '', target, severity = '' } = labels
          open.set(fingerprint, list.length)
          list.push({
            location,
            alertname,
            severity,
            beganAt: now,
            summary: annotations.summary ?? '',
            ...(target !== undefined && { target }),
          })
        } else if (status === 'resolved' && index !== undefined) {
          open.delete(fingerprint)
          const told = list[index]
          if (told) list[index] = { ...told, endedAt: now }
        }
      }
    },
    get goOn() {
      return open.size > 0
    },
    all: () => list,
  }
}

import type { ProbeLog } from '../net/attempt.ts'

/** One line of what a probe did. */
export interface ProbeLogLine {
  /** Seconds since the probe began. */
  readonly at: number
  readonly message: string
  readonly fields: Readonly<Record<string, string | number | boolean>>
}

export interface RecordedProbeLog extends ProbeLog {
  readonly lines: readonly ProbeLogLine[]
  /** Has the lines of another log instead, which are read when somebody asks for them. */
  readonly take: (json: string) => void
}

/** Long enough for ten redirects in detail; a target cannot make it grow. */
const maxLines = 200

/**
 * A log that keeps its first lines, in memory.
 *
 * @param monotonic Milliseconds from an arbitrary start.
 */
export function recordProbeLog(monotonic: () => number): RecordedProbeLog {
  const began = monotonic()
  const lines: ProbeLogLine[] = []
  let taken: string | undefined
  return {
    get lines() {
      return taken === undefined ? lines : (JSON.parse(taken) as ProbeLogLine[])
    },
    take(json) {
      taken = json
    },
    add(message, fields = {}, at = monotonic()) {
      if (lines.length < maxLines) lines.push({ at: (at - began) / 1000, message, fields })
    },
  }
}

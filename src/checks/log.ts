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
  /** Takes the lines that another log has recorded of the same probe. */
  readonly take: (lines: readonly ProbeLogLine[]) => void
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
  return {
    lines,
    add(message, fields = {}, at = monotonic()) {
      if (lines.length < maxLines) lines.push({ at: (at - began) / 1000, message, fields })
    },
    take(others) {
      lines.push(...others)
    },
  }
}

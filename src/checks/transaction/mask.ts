import type { ProbeLog } from '../../net/attempt.ts'
import { redact } from '../../lib/text/redact.ts'

/** Keeps what was captured out of everything that is shown. */
export interface Mask {
  /** From now on this value is a secret. */
  readonly hide: (value: string) => void
  /** From now on this URL, as it was asked for, is shown as it was written. */
  readonly rename: (asked: string, written: string) => void
  /** The text without secrets. Those of fewer than four characters stand in too many harmless places to be found. */
  readonly clean: (text: string) => string
}

export function createMask(): Mask {
  const secrets = new Set<string>()
  const names = new Map<string, string>()

  return {
    hide(value) {
      secrets.add(value)
    },
    rename(asked, written) {
      if (asked !== written) names.set(asked, written)
    },
    clean(text) {
      let renamed = text
      for (const [asked, written] of [...names].sort(([a], [b]) => b.length - a.length)) {
        renamed = renamed.replaceAll(asked, () => written)
      }
      return redact(renamed, [...secrets])
    },
  }
}

type Line = Parameters<ProbeLog['add']>

/** A log that is passed on only at the end, when everything is known that must not be in it. */
export function heldBack(log: ProbeLog, now: () => number, mask: Mask): ProbeLog & { release: () => void } {
  const lines: Line[] = []
  return {
    add(message, fields = {}, at = now()) {
      lines.push([message, fields, at])
    },
    release() {
      for (const [message, fields = {}, at] of lines.splice(0)) {
        const shown = Object.entries(fields).map(([name, value]): [string, typeof value] => [
          name,
          typeof value === 'string' ? mask.clean(value) : value,
        ])
        log.add(mask.clean(message), Object.fromEntries(shown), at)
      }
    },
  }
}

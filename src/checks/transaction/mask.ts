import type { ProbeLog } from '../../net/attempt.ts'
import { html } from '../../lib/text/html.ts'
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

/** What was too long to be shown was cut off here. */
const cut = '…'

/** Fewer characters of the beginning of a secret give nothing away. */
const minCut = 4

/** The forms in which a value may come back: as it is, and as it stands in URLs, forms, markup and headers. */
function formsOf(value: string): string[] {
  const text = value.toWellFormed()
  const encoded = encodeURIComponent(text)
  return [
    value,
    encoded.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    encoded.replaceAll('%20', '+'),
    encodeURI(text),
    html`${text}`.markup,
    Buffer.from(text).toString('base64'),
    Buffer.from(text).toString('base64url'),
  ]
}

export function createMask(): Mask {
  const secrets = new Set<string>()
  const names = new Map<string, string>()

  /** A text that was cut in the middle of a secret still ends with the beginning of it. */
  function withoutStumps(text: string): string {
    return text
      .split(cut)
      .map((piece, index, pieces) => (index === pieces.length - 1 ? piece : withoutStump(piece)))
      .join(cut)
  }

  function withoutStump(text: string): string {
    let longest = 0
    for (const secret of secrets) {
      for (
        let length = Math.min(secret.length, text.length);
        length >= minCut && length > longest;
        length--
      ) {
        if (text.endsWith(secret.slice(0, length))) longest = length
      }
    }
    return longest === 0 ? text : `${text.slice(0, -longest)}<secret>`
  }

  return {
    hide(value) {
      for (const form of formsOf(value)) secrets.add(form)
    },
    rename(asked, written) {
      if (asked !== written) names.set(asked, written)
    },
    clean(text) {
      let renamed = text
      for (const [asked, written] of [...names].sort(([a], [b]) => b.length - a.length)) {
        renamed = renamed.replaceAll(asked, () => written)
      }
      return withoutStumps(redact(renamed, [...secrets]))
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

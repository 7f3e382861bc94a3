import { formatDuration, parseDuration } from '../../settings/values/duration.ts'
import { parseGoDuration } from '../minitor/go-duration.ts'
import type { Path } from '../../settings/path.ts'
import type { Translation } from './translation.ts'

/** The most of an interval that a timeout takes where it is longer than that. */
const timeoutShare = 0.9

/** A duration of Go, such as `1.5h`, as one of ours. */
export function goDuration(text: string): string | undefined {
  const seconds = parseGoDuration(text)
  return seconds === undefined || !(seconds > 0) ? undefined : formatDuration(seconds)
}

/** Makes a timeout shorter where it is not shorter than the interval. @param note Says so. Default: at this place. */
export function fitTimeout(
  translation: Translation,
  at: Path,
  note = (message: string): void => {
    translation.note(at, message)
  },
): void {
  const { interval, timeout } = translation.keys
  const [all, part] = [interval, timeout].map((text) =>
    typeof text === 'string' ? parseDuration(text) : undefined,
  )
  if (all === undefined || part === undefined || part < all) return
  const shorter = Math.floor(all * timeoutShare * 1000) / 1000
  translation.set(['timeout'], formatDuration(shorter), at)
  note(`a timeout is shorter than its interval: it is ${formatDuration(shorter)} here`)
}

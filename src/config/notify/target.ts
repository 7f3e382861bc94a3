import type { z } from 'zod'
import { asText, oneOrMany, ValueError } from '../../settings/values/value.ts'
import { formatRepeat, type Repeat } from './repeat.ts'

/** `notify:` of a target: the channels that are notified of it, instead of those of the routes. */
export const notify: z.ZodType<string[]> = oneOrMany(
  (input) => {
    const name = asText(input)
    if (!/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(name))
      throw new ValueError('is not a valid channel name: expected one of notify.yml')
    return name
  },
  { type: 'string', description: 'A channel of notify.yml.' },
)

/**
 * What a target says about its notifications travels as labels, so that both Alertmanager's routes and the notifier see it:
 * `notify="slack,oncall"` and `repeat="1h"`.
 */
export function notifyLabels(settings: {
  readonly notify?: readonly string[] | null | undefined
  readonly repeat?: Repeat | null | undefined
}): Record<string, string> {
  return {
    ...(settings.notify && { notify: settings.notify.join(',') }),
    ...(settings.repeat && { repeat: formatRepeat(settings.repeat) }),
  }
}

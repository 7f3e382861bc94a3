import { randomBytes } from 'node:crypto'
import * as z from 'zod'
import { ProbityError } from '../../lib/errors.ts'
import type { StateFile } from '../../lib/io/state-file.ts'
import type { Clock } from '../../lib/time/clock.ts'
import { serialByKey } from '../../lib/time/serial.ts'
import type { Alert } from '../alert.ts'
import type { FiringAlert, SilenceKeeper } from './keeper.ts'
import { acknowledgementOf, silenceOf, type NewSilence } from './request.ts'
import type { Silence } from './silence.ts'

/** What a link of a message may do, in the words of its button. */
export const linkActions = {
  acknowledge: 'Acknowledge: nobody is notified again until the alert ends, for at most 24 hours',
  silence: 'Silence this alert for 4 hours',
} as const

export type LinkAction = keyof typeof linkActions

/** Milliseconds for which a link is valid. */
const validMs = 24 * 3_600_000

/** Links that were used and are still valid, at most: beyond it, none can be used until some of them expire. */
const maxUsed = 10_000

/** What a link says: short, because it stands in messages. */
const content = z.object({
  /** Makes each link another one, so that it can be used once. Not the text itself, which can be written in several ways. */
  id: z.string(),
  action: z.enum(['acknowledge', 'silence']),
  fingerprint: z.string(),
  /** When the incident began, and until when the link is valid; unix milliseconds. */
  since: z.number(),
  until: z.number(),
})

const usedSchema = z.object({
  version: z.literal(1),
  /** Until when each would be valid. */
  used: z.record(z.string(), z.number()),
})

export interface SilenceLinksOptions {
  readonly keeper: Pick<SilenceKeeper, 'add' | 'firing'>
  /** Makes texts that nobody can guess or change. Each text is another one. */
  readonly seal: (value: object) => string
  readonly open: (text: string) => unknown
  /** Where it outlives the process which were used. */
  readonly file: StateFile
  readonly clock: Pick<Clock, 'now'>
}

/** What a link is about. */
export interface LinkedAlert {
  readonly action: LinkAction
  readonly alert: FiringAlert
}

/** The links of messages with which somebody silences one alert of one incident, without a login. */
export interface SilenceLinks {
  /** A new token for each action. */
  readonly tokensFor: (alert: Pick<Alert, 'fingerprint' | 'startsAt'>) => Readonly<Record<LinkAction, string>>
  /** What a link would do; it does nothing. @throws ProbityError `LINK_INVALID` */
  readonly look: (token: string) => Promise<LinkedAlert>
  /** Does it, once. @param by The name that somebody has given. @throws ProbityError As the keeper too. */
  readonly act: (token: string, by: string) => Promise<readonly Silence[]>
}

/**
 * Opens what is known of links.
 *
 * @throws ProbityError `STATE_UNREADABLE`
 */
export async function openSilenceLinks(options: SilenceLinksOptions): Promise<SilenceLinks> {
  const { keeper, seal, open, file, clock } = options
  const loaded = await file.load((json) => usedSchema.safeParse(json).data)
  const used = new Map(Object.entries(loaded?.used ?? {}))
  const serial = serialByKey()

  function read(token: string): z.infer<typeof content> {
    const { data } = content.safeParse(open(token))
    if (!data) throw invalid('This link is not valid: it may have been cut.')
    if (data.until <= clock.now()) throw invalid('This link has expired: links are valid for a day.')
    if (used.has(data.id)) throw invalid('This link was used already, and works once.')
    return data
  }

  async function look(token: string): Promise<LinkedAlert> {
    const { action, fingerprint, since } = read(token)
    const alert = (await keeper.firing()).find(
      (one) => one.fingerprint === fingerprint && one.startsAt.getTime() <= since,
    )
    if (!alert) throw invalid('The alert that this link is about has ended.')
    return { action, alert }
  }

  async function act(token: string, by: string): Promise<readonly Silence[]> {
    const { action, alert } = await look(token)
    const { id, until } = read(token)
    const now = clock.now()
    for (const [old, end] of used) if (end <= now) used.delete(old)
    if (used.size >= maxUsed) throw invalid('Too many links were used in a day: use the page instead.')
    used.set(id, until)
    try {
      // First, so that it cannot be used again after a crash.
      await file.save({ version: 1, used: Object.fromEntries(used) })
      return await keeper.add([silenceFor(action, alert, by, now)])
    } catch (error) {
      used.delete(id)
      throw error
    }
  }

  return {
    tokensFor({ fingerprint, startsAt }) {
      const until = clock.now() + validMs
      const token = (action: LinkAction): string =>
        seal({
          id: randomBytes(9).toString('base64url'),
          action,
          fingerprint,
          since: startsAt.getTime(),
          until,
        } satisfies z.infer<typeof content>)
      return { acknowledge: token('acknowledge'), silence: token('silence') }
    },
    look,
    act: (token, by) => serial('', () => act(token, by)),
  }
}

function silenceFor(action: LinkAction, alert: Alert, name: string, now: number): NewSilence {
  const by = name.trim() === '' ? 'the link of a message' : `${name} (by the link of a message)`
  const settings = { by, now, comment: '' }
  return action === 'acknowledge'
    ? acknowledgementOf(alert, { ...settings, seconds: 24 * 3600 })
    : silenceOf(alert, { ...settings, comment: 'by the link of a message', seconds: 4 * 3600 })
}

function invalid(message: string): ProbityError {
  return new ProbityError('LINK_INVALID', message)
}

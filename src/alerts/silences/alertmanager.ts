import * as z from 'zod'
import { matcher, type LabelMatcher } from '../../config/notify/matchers.ts'
import { ProbityError } from '../../lib/errors.ts'
import { ValueError } from '../../settings/values/value.ts'
import type { AskApi } from './ask.ts'
import type { FiringAlert, SilenceKeeper } from './keeper.ts'
import type { NewSilence } from './request.ts'
import type { Silence } from './silence.ts'

const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text))
const texts = z.record(z.string(), z.string())

const silencesSchema = z.array(
  z.object({
    id: z.string(),
    status: z.object({ state: z.string() }),
    matchers: z.array(
      z.object({
        name: z.string(),
        value: z.string(),
        isRegex: z.boolean(),
        isEqual: z.boolean().default(true),
      }),
    ),
    startsAt: instant,
    endsAt: instant,
    createdBy: z.string(),
    comment: z.string(),
  }),
)

const alertsSchema = z.array(
  z.object({
    labels: texts,
    annotations: texts.default({}),
    startsAt: instant,
    fingerprint: z.string(),
    status: z.object({ silencedBy: z.array(z.string()).nullish() }),
  }),
)

const madeSchema = z.object({ silenceID: z.string() })

/** Marks what somebody takes care of, for people who look at Alertmanager, and for us. */
const acknowledgedBy = 'acknowledged by '

/** Keeps silences in Alertmanager: those that others make there are among them. */
export function alertmanagerSilences(ask: AskApi): SilenceKeeper {
  async function list(): Promise<Silence[]> {
    const all = read(silencesSchema, await ask({ method: 'GET', path: 'silences' }))
    return all.filter(({ status }) => status.state !== 'expired').map(fromAlertmanager)
  }

  async function add(silence: NewSilence): Promise<Silence> {
    const body = toAlertmanager(silence)
    const { silenceID: id } = read(madeSchema, await ask({ method: 'POST', path: 'silences', body }))
    return { ...silence, id }
  }

  async function remove(id: string): Promise<void> {
    await ask({ method: 'DELETE', path: `silence/${encodeURIComponent(id)}` })
  }

  return {
    list,
    async firing() {
      const all = read(alertsSchema, await ask({ method: 'GET', path: 'alerts' }))
      return all.map(({ status, ...alert }): FiringAlert => ({
        ...alert,
        status: 'firing',
        silencedBy: status.silencedBy ?? [],
      }))
    },
    async add(silences) {
      const added: Silence[] = []
      try {
        for (const silence of silences) added.push(await add(silence))
        return added
      } catch (error) {
        for (const { id } of added) await remove(id).catch(() => undefined)
        throw error
      }
    },
    async end(id) {
      const found = (await list()).find((silence) => silence.id === id)
      if (found) await remove(id)
      return found
    },
  }
}

function read<T extends z.ZodType>(shape: T, json: unknown): z.infer<T> {
  const result = shape.safeParse(json)
  if (result.success) return result.data
  throw new ProbityError('ALERTMANAGER_REFUSED', 'Alertmanager answered something else than its API v2 does')
}

function toAlertmanager({
  matchers,
  startsAt,
  endsAt,
  createdBy,
  comment,
  acknowledges,
}: NewSilence): object {
  const why = comment === '' ? '' : `: ${comment}`
  return {
    matchers: matchers.map(({ label: name, operator, value }) => ({
      name,
      value,
      isRegex: operator.endsWith('~'),
      isEqual: !operator.startsWith('!'),
    })),
    startsAt,
    endsAt,
    createdBy,
    comment: acknowledges ? `${acknowledgedBy}${createdBy}${why}` : comment,
  }
}

function fromAlertmanager({
  matchers: given,
  comment,
  ...silence
}: z.infer<typeof silencesSchema>[number]): Silence {
  const { id, startsAt, endsAt, createdBy } = silence
  const matchers = given.map(({ name, value, isRegex, isEqual }) =>
    matcherOf(name, isEqual ? (isRegex ? '=~' : '=') : isRegex ? '!~' : '!=', value),
  )
  const whole = (label: string): string | undefined =>
    matchers.find((one) => one.label === label && one.operator === '=')?.value
  const [alertname, target] = [whole('alertname'), whole('target')]
  const own = `${acknowledgedBy}${createdBy}`
  const isAck = comment.startsWith(own) && alertname !== undefined && target !== undefined
  return {
    id,
    matchers,
    startsAt,
    endsAt,
    createdBy,
    comment: isAck ? comment.slice(own.length).replace(/^: /, '') : comment,
    ...(isAck && { acknowledges: { alertname, target } }),
  }
}

type Operator = LabelMatcher['operator']

/** Newer servers know label names and regexes that we do not: what it is about is shown, and nothing of ours. */
function matcherOf(label: string, operator: Operator, value: string): LabelMatcher {
  try {
    return matcher(label, operator, value)
  } catch (error) {
    if (!(error instanceof ValueError)) throw error
    return { label, operator, value, matches: () => false }
  }
}

import * as z from 'zod'
import { formatMatcher, parseMatchers } from '../../config/notify/matchers.ts'
import type { Silence } from './silence.ts'

const instant = z.iso.datetime().transform((text) => new Date(text))

const silenceSchema = z.object({
  id: z.string(),
  /** Each in the syntax of Alertmanager. */
  matchers: z.array(z.string()),
  startsAt: instant,
  endsAt: instant,
  createdBy: z.string(),
  comment: z.string(),
  acknowledges: z
    .object({
      alertname: z.string(),
      target: z.string(),
      incident: z
        .object({ fingerprint: z.string(), startsAt: instant, startsBy: instant.exactOptional() })
        .exactOptional(),
    })
    .exactOptional(),
})

const endedSchema = z.object({
  id: z.string(),
  /** When it would have ended by itself. */
  until: instant,
  /** Whether the incident that it acknowledged is over, which each of two solos decides for itself. */
  over: z.boolean(),
})

/** A silence that was ended before its time: it must not begin again where another solo still has it. */
export type Ended = z.infer<typeof endedSchema>

const stateSchema = z.object({
  version: z.literal(1),
  silences: z.array(silenceSchema),
  ended: z.array(endedSchema).default([]),
})

/** The silences of a solo, as its file has them. */
export interface SilencesState {
  readonly silences: readonly Silence[]
  readonly ended: readonly Ended[]
}

/** @returns Undefined if it is not a state of this version. */
export function parseSilences(json: unknown): SilencesState | undefined {
  const { data } = stateSchema.safeParse(json)
  try {
    return data && { silences: data.silences.map(fromJson), ended: data.ended }
  } catch {
    return undefined
  }
}

/** What is written to the file. */
export function silencesState({ silences, ended }: SilencesState): object {
  return { version: 1, silences: silences.map(toJson), ...(ended.length > 0 && { ended }) }
}

/** What two solos say to each other about one silence. */
export type SilenceNews = { readonly silence: Silence } | { readonly ended: Ended }

const newsSchema = z.union([z.object({ silence: silenceSchema }), z.object({ ended: endedSchema })])

/** @returns Undefined if a solo of this version does not say that. */
export function parseNews(json: unknown): SilenceNews | undefined {
  const { data } = newsSchema.safeParse(json)
  try {
    return data && 'silence' in data ? { silence: fromJson(data.silence) } : data
  } catch {
    return undefined
  }
}

/** What is sent to the other solo. */
export function newsJson(news: SilenceNews): object {
  return 'silence' in news ? { silence: toJson(news.silence) } : news
}

/** @throws ValueError */
function fromJson({ matchers, ...silence }: z.infer<typeof silenceSchema>): Silence {
  return { ...silence, matchers: matchers.flatMap((text) => parseMatchers(text)) }
}

function toJson({ matchers, ...silence }: Silence): object {
  return { ...silence, matchers: matchers.map(formatMatcher) }
}

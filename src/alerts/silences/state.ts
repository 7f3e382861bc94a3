import * as z from 'zod'
import { formatMatcher, parseMatchers } from '../../config/notify/matchers.ts'
import type { Silence } from './silence.ts'

const instant = z.iso.datetime().transform((text) => new Date(text))

const stateSchema = z.object({
  version: z.literal(1),
  silences: z.array(
    z.object({
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
          incident: z.object({ fingerprint: z.string(), startsAt: instant }).exactOptional(),
        })
        .exactOptional(),
    }),
  ),
})

/** @returns Undefined if it is not a state of this version. */
export function parseSilences(json: unknown): Silence[] | undefined {
  const { data } = stateSchema.safeParse(json)
  try {
    return data?.silences.map(({ matchers, ...silence }) => ({
      ...silence,
      matchers: matchers.flatMap((text) => parseMatchers(text)),
    }))
  } catch {
    return undefined
  }
}

/** What is written to the file. */
export function silencesState(silences: readonly Silence[]): object {
  return {
    version: 1,
    silences: silences.map(({ matchers, ...silence }) => ({
      ...silence,
      matchers: matchers.map(formatMatcher),
    })),
  }
}

import { z } from 'zod'
import type { DurableMap } from '../../../lib/io/durable-map.ts'
import type { ReportsBook } from '../../../alerts/peers/reports-book.ts'

/** What was sent of each report, by its name, in the state file of delivery. Times are unix milliseconds. */
export interface SentReports extends ReportsBook {
  /** Up to which time everything was sent; undefined where the report is new. */
  readonly upTo: (name: string) => number | undefined
  /** Everything up to a time was sent, or is none of this process's business. */
  readonly done: (name: string, at: number) => Promise<void>
  /** Whom the report that is due since a time has reached. */
  readonly reached: (name: string, at: number) => ReadonlySet<string>
  /** It has reached one more. */
  readonly arrived: (name: string, at: number, whom: string) => Promise<void>
  /** Forgets those of other names. */
  readonly keep: (names: ReadonlySet<string>) => Promise<void>
}

const prefix = 'report/'

const entrySchema = z.object({
  upTo: z.number(),
  /** Of the report that is being sent. */
  sending: z.object({ at: z.number(), reached: z.array(z.string()) }).exactOptional(),
})

type Entry = z.infer<typeof entrySchema>

/** Opens the book. What the disk does not take is known all the same, and written when it can be. */
export function sentReports(map: DurableMap): SentReports {
  const get = (name: string): Entry | undefined => entrySchema.safeParse(map.get(prefix + name)).data

  async function put(name: string, entry: Entry | undefined): Promise<void> {
    await map.put([[prefix + name, entry]]).catch(() => undefined)
  }

  const names = (): string[] => map.entries(prefix).map(([key]) => key.slice(prefix.length))
  const reached = (name: string, at: number): readonly string[] => {
    const sending = get(name)?.sending
    return sending?.at === at ? sending.reached : []
  }

  return {
    upTo: (name) => get(name)?.upTo,
    done: (name, at) => put(name, { upTo: Math.max(at, get(name)?.upTo ?? at) }),
    reached: (name, at) => new Set(reached(name, at)),
    arrived: (name, at, whom) =>
      put(name, { upTo: get(name)?.upTo ?? 0, sending: { at, reached: [...reached(name, at), whom] } }),
    async keep(known) {
      for (const name of names()) if (!known.has(name)) await put(name, undefined)
    },
    sent: () => Object.fromEntries(names().flatMap((name) => [[name, get(name)?.upTo ?? 0]])),
    heard(theirs) {
      for (const [name, at] of Object.entries(theirs)) {
        const own = get(name)
        // One that this process does not know yet begins with the next one anyway.
        if (own && at > own.upTo) void put(name, { upTo: at })
      }
    },
  }
}

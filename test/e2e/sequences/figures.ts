import { wordOf, type Told } from './receivers.ts'

/** What a number of sequences came to. */
export interface Figures {
  sequences: number
  kills: number
  /** Deliveries that were under way when the process was killed. */
  cut: number
  /** Notifications that were to arrive. */
  due: number
  /** Attempts that the receivers made fail. */
  failed: number
  lost: number
  /** Told again because the process was killed while it was telling. */
  doubledInFlight: number
  doubledOtherwise: number
  outOfOrder: number
  /** Alerts whose last notification is not their last state. */
  wrongAtTheEnd: number
  /** Each fault in words, so that a failed run says what it found. */
  faults: string[]
}

export interface Played {
  /** By receiver and target: the states that were to be told, in their order. */
  readonly due: readonly Told[]
  readonly taken: readonly Told[]
  /** What was under way at the moment of a kill, once for each kill. */
  readonly inFlight: readonly string[]
}

type Judged = Pick<
  Figures,
  'due' | 'lost' | 'doubledInFlight' | 'doubledOtherwise' | 'outOfOrder' | 'wrongAtTheEnd' | 'faults'
>

/** Compares what was told with what was to be told. */
export function judge({ due, taken, inFlight }: Played): Judged {
  const cut = counted(inFlight)
  const judged: Judged = { due: due.length, doubledInFlight: 0, ...faultless, faults: [] }
  const count = (figure: keyof typeof faultless, words: readonly string[]): void => {
    judged[figure] += words.length
    judged.faults.push(...words.map((word) => `${figure}: ${word}`))
  }
  const dueOf = groupedBy(due)
  const toldOf = groupedBy(taken)
  for (const alert of new Set([...dueOf.keys(), ...toldOf.keys()])) {
    const expected = dueOf.get(alert) ?? []
    const told = toldOf.get(alert) ?? []
    const first = [...new Set(told)]
    for (const [word, times] of counted(told)) {
      const inFlightTimes = Math.min(times - 1, cut.get(word) ?? 0)
      judged.doubledInFlight += inFlightTimes
      count('doubledOtherwise', Array<string>(times - 1 - inFlightTimes).fill(word))
    }
    const lost = expected.filter((word) => !first.includes(word))
    count('lost', lost)
    const never = first.filter((word) => !expected.includes(word))
    count('doubledOtherwise', never)
    const ordered = expected.filter((word) => !lost.includes(word))
    const arrived = first.filter((word) => !never.includes(word))
    if (arrived.some((word, at) => word !== ordered[at])) count('outOfOrder', [arrived.join(', ')])
    if (told.at(-1) !== expected.at(-1)) count('wrongAtTheEnd', [told.at(-1) ?? alert])
  }
  return judged
}

/** The figures if everything is as it should be. */
export const faultless = { lost: 0, doubledOtherwise: 0, outOfOrder: 0, wrongAtTheEnd: 0 }

function groupedBy(all: readonly Told[]): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const told of all) {
    const alert = `${told.receiver} ${told.target}`
    groups.set(alert, [...(groups.get(alert) ?? []), wordOf(told)])
  }
  return groups
}

function counted(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return counts
}

import { beforeEach, expect, it } from 'vitest'
import { writeBehind } from '../../../src/alerts/delivery/write-behind.ts'
import { createPeering, type Peering } from '../../../src/alerts/peers/peering.ts'
import { createLogger } from '../../../src/lib/logger.ts'
import { createNumbered, type Ledger } from '../../../src/lib/numbered.ts'
import { memoryMap } from '../../support/memory-map.ts'
import { testTime, type TestTime } from '../../support/time/timers.ts'

/** A ledger of words: none is ever taken back. */
function wordLedger() {
  const words = createNumbered<string>()
  let say = (): void => undefined
  const offsets = new Set<number>()
  /** Words that came, also those that were known. */
  let came = 0
  const ledger: Ledger = {
    since: words.since,
    merge(entries, offset) {
      offsets.add(offset)
      came += entries.length
      for (const word of entries)
        if (words.get(String(word)) === undefined) words.put(String(word), String(word))
    },
    onChange(listener) {
      say = listener
    },
  }
  return {
    ledger,
    offsets,
    came: () => came,
    words: () => [...words.entries()].map(([word]) => word).sort(),
    add(word: string) {
      words.put(word, word)
      say()
    },
  }
}

let time: TestTime
const sides: Record<string, Peering> = {}

/** @param strip Takes away what an earlier version does not say. */
function open(name: 'a' | 'b', ledgers: Record<string, Ledger>, strip = (message: object) => message): void {
  const other = name === 'a' ? 'b' : 'a'
  const json = (message: object): unknown => JSON.parse(JSON.stringify(strip(message)))
  sides[name] = createPeering({
    self: { name, id: name },
    location: 'here',
    instance: `${name}${Math.random()}`,
    peerName: other,
    ask: async (message) => json(await sides[other]!.receive(json(message))),
    state: writeBehind(memoryMap()),
    sent: [],
    ledgers,
    reports: { sent: () => ({}), heard: () => undefined },
    clock: time.clock,
    timers: time.timers,
    log: createLogger({ destination: { write: () => undefined } }),
  })
  sides[name].start({
    ...{ waiting: () => [], pending: () => [], known: () => [] },
    ...{ add: () => undefined, wake: () => undefined, endedElsewhere: () => undefined },
  })
}

beforeEach(() => {
  delete sides['a']
  delete sides['b']
  time = testTime()
})

it('what either keeps is known to both, at once, and is not said again and again', async () => {
  const [ofA, ofB] = [wordLedger(), wordLedger()]
  open('a', { words: ofA.ledger })
  open('b', { words: ofB.ledger })
  await time.pass(10)
  ofA.add('one')
  ofB.add('two')
  await time.pass(0)
  expect([ofA.words(), ofB.words()]).toEqual([
    ['one', 'two'],
    ['one', 'two'],
  ])
  await time.pass(20)
  const before = ofA.came() + ofB.came()
  await time.pass(60)
  expect(ofA.came() + ofB.came()).toBe(before)
  expect([...ofA.offsets]).toEqual([0])
})

it('one that has lost everything learns all of it', async () => {
  const [ofA, ofB] = [wordLedger(), wordLedger()]
  open('a', { words: ofA.ledger })
  open('b', { words: ofB.ledger })
  ofA.add('one')
  await time.pass(10)
  await sides['b']!.stop()
  const again = wordLedger()
  open('b', { words: again.ledger })
  await time.pass(10)
  expect(again.words()).toEqual(['one'])
})

it('one of an earlier version is understood, and understands', async () => {
  const ofA = wordLedger()
  open('a', { words: ofA.ledger })
  open('b', {}, ({ also: _, ...message }: { also?: unknown }) => message)
  ofA.add('one')
  await time.pass(20)
  expect([sides['a']!.view().role, sides['b']!.view().role]).toEqual(['leading', 'standby'])
  expect(ofA.words()).toEqual(['one'])
})

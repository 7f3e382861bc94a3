import { seeded } from '../../../../scripts/simulate/random.ts'
import { anAlert } from '../../../support/alerts/alerts.ts'
import { startPair, type Pair, type Side } from './pair.ts'

/** What happens to the pair. */
export type Mishap = 'kill' | 'freeze' | 'cut'

export interface HistoryOptions {
  readonly seed: number
  readonly targets: number
  readonly mishaps: number
  readonly kinds: readonly Mishap[]
}

/** What became of one history. */
export interface Outcome {
  /** Kills and freezes, by how many notifications were on their way then. */
  readonly cut: number
  /** Notifications that came more often than the history has them. */
  readonly doubled: string[]
  /** The targets of whose messages some are missing, or are there and did not happen. */
  readonly wrong: string[]
  /** Milliseconds from each change to its message, at most. */
  readonly slowest: number
  /** What happened to each target, and to the pair, for a person who asks why. */
  readonly story: (target: string) => string[]
}

/** What one solo has decided; its state file outlives the process. */
interface Eyes {
  readonly side: Side
  readonly sees: Map<string, boolean>
}

/** Seconds that checks take to find out, at least and at most. */
const found = [2, 7] as const

/**
 * Targets go down and up by chance while one of the two is killed, frozen or cut off. Each change lasts until it has been sent, so
 * that the messages of an undisturbed run are known: one for each change.
 */
export async function playHistory({ seed, targets, mishaps, kinds }: HistoryOptions): Promise<Outcome> {
  const random = seeded(seed)
  const between = (least: number, most: number): number => least + random() * (most - least)
  const pair: Pair = startPair()
  const { time, first, second } = pair
  const names = Array.from({ length: targets }, (_none, index) => `t${index}`)
  const down = new Map(names.map((name) => [name, false]))
  const changes = new Map(names.map((name): [string, string[]] => [name, []]))
  const eyes: Eyes[] = [first, second].map((side) => ({ side, sees: new Map<string, boolean>() }))
  const later: { at: number; run: () => void | Promise<void> }[] = []
  let slowest = 0
  let cut = 0
  let playing = 0
  const doubledBy: string[] = []
  const story: { at: number; target: string; what: string }[] = []
  const tell = (target: string, what: string): void => {
    story.push({ at: now(), target, what })
  }
  const now = (): number => time.clock.monotonic() / 1000
  const after = (seconds: number, run: () => void | Promise<void>): void => {
    later.push({ at: now() + seconds, run })
  }

  /** A check of one side ends: it decides, if it runs. One that is frozen decides when it goes on. */
  function look({ side, sees }: Eyes, target: string): void {
    if (!side.isAlive()) return
    if (side.isFrozen()) {
      after(1, () => {
        look({ side, sees }, target)
      })
      return
    }
    const is = down.get(target) === true
    if (sees.get(target) === is || (!is && !sees.has(target))) return
    sees.set(target, is)
    tell(target, `${side.name} decides ${is ? 'firing' : 'resolved'}`)
    const ahead = side.name === 'b' ? 3_600_000 : 0
    const at = new Date(time.clock.now() + ahead)
    void side.dispatcher().accept([
      anAlert({
        status: is ? 'firing' : 'resolved',
        labels: { alertname: 'TargetDown', target, severity: 'critical', location: 'here' },
        annotations: {
          summary: `${target} is down`,
          interval: '1',
          failing_since: String(at.getTime() / 1000),
        },
        startsAt: at,
        ...(!is && { endsAt: at }),
        fingerprint: target,
      }),
    ])
  }

  function change(target: string): void {
    const is = down.get(target) !== true
    down.set(target, is)
    tell(target, is ? 'goes down' : 'comes up')
    const begun = now()
    const status = is ? 'firing' : 'resolved'
    changes.get(target)?.push(status)
    const before = pair.got.length
    for (const eye of eyes)
      after(between(...found), () => {
        look(eye, target)
      })
    const wait = (): void => {
      if (pair.got.slice(before).some((got) => got.target === target && got.status === status)) {
        slowest = Math.max(slowest, (now() - begun) * 1000)
        after(between(5, 40), () => {
          if (playing > 0) change(target)
        })
      } else if (now() - begun < 1800) after(0.5, wait)
    }
    wait()
  }

  async function pass(seconds: number): Promise<void> {
    const end = now() + seconds
    for (;;) {
      const next = Math.min(end, ...later.map(({ at }) => at))
      await time.pass(Math.max(0, next - now()))
      if (next >= end) return
      for (const one of later.filter(({ at }) => at <= now())) {
        later.splice(later.indexOf(one), 1)
        await one.run()
      }
    }
  }

  await pass(20)
  playing = 1
  for (const name of names)
    after(between(0, 20), () => {
      change(name)
    })
  for (let count = 0; count < mishaps; count++) {
    await pass(between(20, 120))
    pair.latency = between(0.05, 2)
    const kind = kinds[Math.floor(random() * kinds.length)]
    const eye = eyes[random() < 0.7 ? 0 : 1]!
    const { side } = eye
    cut += side.inFlight()
    tell('', kind === 'cut' ? 'the network is cut' : `${kind} ${side.name}`)
    if (kind === 'kill') {
      side.kill()
      await pass(between(1, 90))
      side.start()
      for (const name of names)
        after(between(...found), () => {
          look(eye, name)
        })
    } else if (kind === 'freeze') {
      side.freeze()
      await pass(between(1, 90))
      side.thaw()
    } else {
      pair.linked = false
      await pass(between(1, 90))
      pair.linked = true
    }
    tell('', 'all is well again')
  }
  await pass(200)
  playing = 0
  await pass(400)
  const wrong: string[] = []
  for (const name of names) {
    const got = pair.got.filter(({ target }) => target === name).map(({ status }) => status)
    const once = got.filter((status, index) => status !== got[index - 1])
    const due = changes.get(name) ?? []
    for (let extra = got.length - once.length; extra > 0; extra--) doubledBy.push(name)
    // While both notify, one may be late with what the other one has sent.
    const isRight = kinds.includes('cut') ? isWithin(due, got) : once.join() === due.join()
    if (!isRight) wrong.push(name)
  }
  for (const { at, from, target, status } of pair.got)
    story.push({ at, target, what: `    ${from} SENDS ${status}` })
  return {
    cut,
    doubled: doubledBy,
    wrong,
    slowest,
    story: (target) =>
      story
        .filter((one) => one.target === target || one.target === '')
        .sort((a, b) => a.at - b.at)
        .map(({ at, what }) => `${at.toFixed(1)} ${what}`),
  }
}

/** Whether some are among all, in their order. */
function isWithin(some: readonly string[], all: readonly string[]): boolean {
  let found = 0
  for (const one of all) if (one === some[found]) found++
  return found === some.length
}

import { startProgram, type Program } from '../../../scripts/stack/process.ts'
import { atEnd } from '../../support/at-end.ts'
import { probity } from '../../support/programs/probity.ts'
import { wordOf, type Receivers } from './receivers.ts'
import { storedDeliveries } from './stored-deliveries.ts'

export interface KillingOptions {
  readonly folder: string
  /** The command of probity and its flags; its storage is `data` in the folder. */
  readonly args: readonly string[]
  /** Resolves when it can be used. */
  readonly ready: (program: Program) => Promise<unknown>
  readonly receivers: Receivers
  readonly random: () => number
  /** Milliseconds that it lives at least and at most, before it is killed. */
  readonly lives: readonly [atLeast: number, atMost: number]
}

export interface Killing {
  readonly kills: () => number
  /** What was under way at each kill, by the state file that the killed process left behind. */
  readonly inFlight: readonly string[]
  /** Kills no more. The last process lives on, until it is stopped. */
  readonly end: () => Promise<void>
  /** Ends the last process, so that it does not slow what is played after it. */
  readonly stop: () => Promise<unknown>
}

/** Runs probity, and kills it with SIGKILL again and again: at moments of chance, or just when a receiver has taken something. */
export async function startKilling(options: KillingOptions): Promise<Killing> {
  const { folder, args, ready, receivers, random, lives } = options
  const inFlight: string[] = []
  let kills = 0
  let ending = false
  let program = await start()
  atEnd(() => program.stop('SIGKILL'))

  async function start(): Promise<Program> {
    const started = startProgram('probity', process.execPath, [...probity, ...args], {
      cwd: folder,
      env: { PATH: process.env.PATH, RECEIVERS: receivers.url },
    })
    await ready(started)
    return started
  }

  /** Resolves when it was killed while a receiver was answering: nobody knows then that a notification arrived. */
  function killWhileTold(): Promise<void> {
    return new Promise((resolve) => {
      const patience = setTimeout(resolve, 1000)
      receivers.onTaken = () => {
        clearTimeout(patience)
        receivers.onTaken = undefined
        resolve(program.stop('SIGKILL'))
      }
    })
  }

  async function killOnce(): Promise<void> {
    const life = lives[0] + random() * (lives[1] - lives[0])
    await new Promise((resolve) => setTimeout(resolve, life))
    if (random() < 0.5) await killWhileTold()
    receivers.onTaken = undefined
    await program.stop('SIGKILL')
    kills++
    inFlight.push(...(await storedDeliveries(folder)).filter((each) => each.underway).map(wordOf))
    program = await start()
  }

  async function killOn(): Promise<void> {
    while (!ending) await killOnce()
  }

  const work = killOn()
  // What went wrong is for whoever waits for the end.
  const over = work.catch(() => undefined)
  atEnd(() => {
    ending = true
    return over
  })
  return {
    kills: () => kills,
    inFlight,
    end() {
      ending = true
      return work
    },
    stop: () => program.stop('SIGKILL'),
  }
}

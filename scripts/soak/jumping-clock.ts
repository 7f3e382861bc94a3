import { readFileSync } from 'node:fs'

/**
 * Loaded before the program, in each of its threads: its wall clock is ahead by the milliseconds that the file
 * SOAK_CLOCK_FILE says. The monotonic clock stays, as it does where a machine's clock is set.
 */
const file = process.env.SOAK_CLOCK_FILE ?? ''
const RealDate = Date
let ahead = 0

setInterval(() => {
  try {
    ahead = Number(readFileSync(file, 'utf8'))
  } catch {
    // It is being written.
  }
}, 250).unref()

const now = (): number => RealDate.now() + ahead

globalThis.Date = new Proxy(RealDate, {
  construct: (real, args: unknown[], target) =>
    Reflect.construct(real, args.length === 0 ? [now()] : args, target) as Date,
  apply: () => new RealDate(now()).toString(),
  get: (real, key, receiver) => (key === 'now' ? now : (Reflect.get(real, key, receiver) as unknown)),
})

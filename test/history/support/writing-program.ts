import { writeSync } from 'node:fs'
import { openHistory } from '../../../src/history/store.ts'
import { systemClock } from '../../../src/lib/time/clock.ts'
import { createLogger } from '../../../src/lib/logger.ts'
import { failed, row } from './rows.ts'

/** Writes rows without end, and says on its output which of them are acknowledged. Its test kills it. */
const [folder = '', databaseUrl = '', from = '0'] = process.argv.slice(2)
const history = await openHistory({
  folder,
  ...(databaseUrl !== '' && { databaseUrl }),
  events: {
    written: (rows) => writeSync(1, rows.map(({ checked_at: at }) => `${at}\n`).join('')),
    dropped: (count) => writeSync(1, `dropped ${count}\n`),
  },
  clock: systemClock,
  log: createLogger({ level: 'error' }),
  writer: { batch: 50, collectMs: 5, retryMs: [20, 100] },
  upkeepMs: 40,
})

/** On a busy machine the database may not keep up, and what does not fit into the memory any more is dropped. */
const maxWaiting = 1000

let next = Number(from)
setInterval(() => {
  if (history.length > maxWaiting) return
  for (let count = 0; count < 20; count++) {
    history.add((Math.floor(next / 70_000) % 3 === 0 ? failed : row)(next))
    next += 1000 + (next % 977 === 0 ? 90_000 : 0)
  }
}, 5)

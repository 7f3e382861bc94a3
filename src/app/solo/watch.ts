import type { Clock } from '../../lib/time/clock.ts'
import { cut, oneLine, plural } from '../../lib/text/text.ts'
import type { Solo } from './solo.ts'
import { callsInWords } from '../calls/words.ts'
import { seen, shownState } from './terminal.ts'

interface Screen {
  readonly write: (text: string) => unknown
  readonly rows?: number
  readonly columns?: number
}

/** A table of all targets that is redrawn every second. */
export interface WatchTable {
  /** Shows a line below the table, with the latest others. */
  readonly note: (line: string) => void
  readonly start: (solo: Solo) => void
  readonly stop: () => void
}

const notesShown = 8

/** Those that need somebody come first. */
const order = {
  ...{ down: 0, failing: 1, slow: 2, silent: 3, 'not yet': 4 },
  ...{ pending: 5, unseen: 5, quiet: 6, called: 7, up: 7, paused: 8 },
}

/** Draws on a terminal. */
export function watchTable(screen: Screen, clock: Clock): WatchTable {
  const notes: string[] = []
  let timer: NodeJS.Timeout | undefined

  function draw(solo: Solo): void {
    // A terminal that does not know its size says 0.
    const [rows, columns] = [screen.rows || 40, screen.columns || 120]
    const lines = tableOf(solo, clock.now()).slice(0, Math.max(1, rows - notes.length - 3))
    const all = [...lines, '', ...notes].map((line) => cut(line, columns))
    // Home, the lines, and whatever was below them is cleared.
    screen.write(`\u001b[H${all.map((line) => `${line}\u001b[K\n`).join('')}\u001b[J`)
  }

  return {
    note(line) {
      notes.push(line.trimEnd())
      notes.splice(0, notes.length - notesShown)
    },
    start(solo) {
      screen.write('\u001b[2J')
      draw(solo)
      timer = setInterval(() => {
        draw(solo)
      }, 1000)
    },
    stop() {
      clearInterval(timer)
    },
  }
}

/** The lines of the table. */
export function tableOf({ targets, calls, last, health, url }: Solo, now: number): string[] {
  const age = (at: Date | undefined): string =>
    at ? `${Math.max(0, Math.round((now - at.getTime()) / 1000))} s ago` : ''
  const checked = targets().map((target) => {
    const result = last(target)?.result
    const state = result ? shownState(result, health(target)) : ('not yet' as const)
    const what = result ? seen(target, result) : ''
    return { name: oneLine(target.name), state, age: age(result?.startedAt), seen: what }
  })
  const called = calls().map((target) => {
    const { name, state, lastCallAt } = target
    return { name: oneLine(name), state, age: age(lastCallAt), seen: callsInWords(target) }
  })
  const rows = [...checked, ...called]
  rows.sort((a, b) => order[a.state] - order[b.state])
  const width = Math.min(40, Math.max(6, ...rows.map(({ name }) => name.length)))
  return [
    `Probity: ${plural(rows.length, 'target')}, ${url}/`,
    ...rows.map(
      ({ name, state, age: since, seen: what }) =>
        `${cut(name, width).padEnd(width)}  ${state.padEnd(7)}  ${since.padStart(9)}  ${what}`,
    ),
  ]
}

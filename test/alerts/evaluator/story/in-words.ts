import { playSolo } from './solo.ts'
import { evaluation, scrapesOf, type Edit, type Story, type Subject } from './story.ts'

/** A story for people who look for the reason of a difference: what happens in it, and which alerts solo says to fire when. */
export function inWords(story: Story): string {
  const { name, length, pauses, jumps, subjects } = story
  return [
    `${name}, ${clock(length)}`,
    ...pauses.map(
      ({ from, until, restart }) => `${clock(from)} to ${clock(until)}: ${restart ? 'gone' : 'stands still'}`,
    ),
    ...jumps.map(({ at, seconds }) => `${clock(at)}: the clock jumps by ${seconds}s`),
    ...subjects.flatMap((subject) => [
      ...subject.edits.map((edit) => `${clock(edit.at)}: ${subject.name} is ${edited(edit)}`),
      `checks of ${subject.name}: ${checksOf(subject, story)}`,
    ]),
    ...firing(story),
  ].join('\n')
}

function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}m${seconds % 60}s`
}

function edited({ target, callTarget }: Edit): string {
  const calls = callTarget ? 'calls are judged' : 'calls are not judged'
  if (!target) return `not probed, ${calls}`
  const { interval, alertAfter, severity, labels, maintenance } = target
  const rest = { interval, alertAfter, severity, ...labels, maintenance: maintenance !== undefined }
  return `probed, ${calls}, ${JSON.stringify(rest)}`
}

/** Checks in a row that come to the same, as `from outcome x count`. */
function checksOf(subject: Subject, story: Story): string {
  const runs: { from: number; outcome: string; count: number }[] = []
  for (const { at, checked, shown } of scrapesOf(subject, story)) {
    if (!checked) continue
    const outcome = shown?.reason ?? 'ok'
    const run = runs.at(-1)
    if (run?.outcome === outcome) run.count++
    else runs.push({ from: at, outcome, count: 1 })
  }
  return runs.map(({ from, outcome, count }) => `${clock(from)} ${outcome} x ${count}`).join(', ')
}

function firing(story: Story): string[] {
  const spans = new Map<string, { from: number; until: number }[]>()
  for (const { at, firing } of playSolo(story))
    for (const key of firing.keys()) {
      const known = spans.get(key) ?? []
      const last = known.at(-1)
      if (last?.until === at) last.until += evaluation
      else known.push({ from: at, until: at + evaluation })
      spans.set(key, known)
    }
  return [...spans].map(
    ([key, known]) =>
      `${key}: ${known.map(({ from, until }) => `${clock(from)} to ${clock(until)}`).join(', ')}`,
  )
}

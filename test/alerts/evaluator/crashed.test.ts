import { describe, expect, it } from 'vitest'
import type { Alert } from '../../../src/alerts/alert.ts'
import { Evaluator } from '../../../src/alerts/evaluator/evaluator.ts'
import { parseEvaluatorState } from '../../../src/alerts/evaluator/state.ts'

const start = 1_760_000_000
const said = (alerts: readonly Alert[]): string[] =>
  alerts.map(({ labels, status }) => `${labels.alertname ?? ''} ${status}`)

/** What a new process makes of what one has left behind. */
function startAgain(earlier: Evaluator, crashed: boolean): Evaluator {
  const written = JSON.stringify({ version: 2, ended: [], ...earlier.state() })
  const state = parseEvaluatorState(JSON.parse(written))
  expect(state).toBeDefined()
  return new Evaluator({ location: 'here', crashed, ...(state && { state }) })
}

describe('a crash of the last run', () => {
  it('is reported at the start, and ends after an hour', () => {
    const evaluator = new Evaluator({ location: 'here', crashed: true })
    const [alert, ...others] = evaluator.setTargets({ targets: [] }, start)
    expect(others).toEqual([])
    expect(alert).toMatchObject({
      status: 'firing',
      labels: { alertname: 'ProbityCrashed', severity: 'warning', location: 'here' },
      annotations: {
        summary: 'Probity ended because of a bug, and was started again',
        runbook_url: 'docs/alerts.md#probitycrashed',
      },
    })
    expect(said(evaluator.tick(start + 15))).toEqual([])
    evaluator.tick(start + 3585)
    expect(said(evaluator.firing())).toEqual(['ProbityCrashed firing'])
    expect(said(evaluator.tick(start + 3600))).toEqual(['ProbityCrashed resolved'])
    expect(evaluator.firing()).toEqual([])
  })

  it('is reported for an hour whatever the clock of the machine does', () => {
    const evaluator = new Evaluator({ location: 'here', crashed: true })
    evaluator.setTargets({ targets: [] }, start)
    evaluator.shift(86_400)
    evaluator.tick(start + 86_400 + 3585)
    expect(said(evaluator.firing())).toEqual(['ProbityCrashed firing'])
    expect(said(evaluator.tick(start + 86_400 + 3600))).toEqual(['ProbityCrashed resolved'])
  })

  it('ends with a start after a run that did not crash, and goes on after one that did', () => {
    const first = new Evaluator({ location: 'here', crashed: true })
    first.setTargets({ targets: [] }, start)
    const second = startAgain(first, true)
    const [again] = second.setTargets({ targets: [] }, start + 60)
    expect(again).toMatchObject({ status: 'firing', startsAt: new Date(start * 1000) })
    expect(said(startAgain(second, false).setTargets({ targets: [] }, start + 120))).toEqual([
      'ProbityCrashed resolved',
    ])
  })

  it('is not reported where there was none', () => {
    const evaluator = new Evaluator({ location: 'here' })
    expect([...evaluator.setTargets({ targets: [] }, start), ...evaluator.tick(start + 15)]).toEqual([])
  })
})

import { describe, expect, it } from 'vitest'
import type { Alert } from '../../../src/alerts/alert.ts'
import { Evaluator } from '../../../src/alerts/evaluator/evaluator.ts'
import { parseEvaluatorState } from '../../../src/alerts/evaluator/state.ts'
import type { PeerStatus } from '../../../src/alerts/evaluator/rules/peer-down.ts'

const start = 1_760_000_000
const said = (alerts: readonly Alert[]): string[] =>
  alerts.map(({ labels, status }) => `${labels.alertname ?? ''} ${status}`)

const there: PeerStatus = { name: 'b:9740', unheardFor: 3, isHeard: true }
const away = (unheardFor: number): PeerStatus => ({ name: 'b:9740', unheardFor, isHeard: unheardFor < 30 })

describe('a peer', () => {
  it('is down after a minute without a word, and until the next one', () => {
    const evaluator = new Evaluator({ location: 'here', peer: 'b:9740' })
    evaluator.setTargets({ targets: [] }, start)
    expect(evaluator.tick(start + 15, there)).toEqual([])
    expect(evaluator.tick(start + 60, away(45))).toEqual([])
    const [alert, ...others] = evaluator.tick(start + 75, away(60))
    expect(others).toEqual([])
    expect(alert).toMatchObject({
      status: 'firing',
      labels: { alertname: 'PeerDown', severity: 'warning', location: 'here', peer: 'b:9740' },
      annotations: {
        summary: 'The peer b:9740 has not been heard of for 1m, expected a word every 5s',
        runbook_url: 'docs/alerts.md#peerdown',
      },
    })
    expect(evaluator.tick(start + 90, away(75))).toEqual([])
    expect(said(evaluator.firing())).toEqual(['PeerDown firing'])
    expect(said(evaluator.tick(start + 105, there))).toEqual(['PeerDown resolved'])
    expect(evaluator.firing()).toEqual([])
  })

  it('is still down after a restart, until it is heard of or is removed', () => {
    const first = new Evaluator({ location: 'here', peer: 'b:9740' })
    first.tick(start, away(60))
    const written = JSON.stringify({ version: 2, ended: [], ...first.state() })
    const state = parseEvaluatorState(JSON.parse(written))
    expect(state).toBeDefined()
    const again = new Evaluator({ location: 'here', peer: 'b:9740', state: state! })
    // It has not been asked for long since the start.
    const sinceStart: PeerStatus = { name: 'b:9740', unheardFor: 15, isHeard: false }
    expect(said(again.tick(start + 15, sinceStart))).toEqual(['PeerDown firing'])
    expect(said(again.tick(start + 30, there))).toEqual(['PeerDown resolved'])
    const alone = new Evaluator({ location: 'here', state: state! })
    expect(said(alone.tick(start + 15))).toEqual(['PeerDown resolved'])
  })
})

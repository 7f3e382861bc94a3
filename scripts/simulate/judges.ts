import { parseConfig } from '../../src/config/load/load.ts'
import { Evaluator } from '../../src/alerts/evaluator/evaluator.ts'
import type { ProbeResult } from '../../src/checks/result.ts'
import { interval, maxLatency, type Outcome } from './stories.ts'

/** Decides, check by check, which alerts fire. */
export interface Judge {
  readonly name: string
  /** @returns The names of the alerts that fire after this check. */
  readonly observe: (at: number, outcome: Outcome) => readonly string[]
}

/** Percent. What is left of it is the objective that burn rates are about, so that all judges are asked for the same. */
const maxErrorRate = 5

const text = `
defaults: { interval: ${interval}s, timeout: 10s }
targets:
  - { name: shop, url: "http://shop.example/", expect: { max_latency: ${maxLatency}s, max_error_rate: ${maxErrorRate}% } }`

/** Probity as solo decides. The rules of the stack say the same, as test/alerts/evaluator/conformance.test.ts shows. */
export function probity(): Judge {
  const sources = [{ file: 'targets.yml', text }]
  const [target] = parseConfig({ sources, directory: '/', files: [] }, { env: {} }).targets
  const evaluator = new Evaluator({ location: 'here' })
  evaluator.setTargets({ targets: [target!] }, 0)
  return {
    name: 'Probity',
    observe(at, { success, durationSeconds }) {
      const result: ProbeResult = {
        startedAt: new Date(at * 1000),
        durationSeconds,
        success,
        ...(!success && { failure: { reason: 'status', message: 'expected 2xx, got 500' } }),
      }
      evaluator.observe(target!, result, at, at)
      return evaluator.firing().map(({ labels }) => labels.alertname!)
    },
  }
}

/** The usual first rule: three failures in a row, and the third slow check in a row. */
export function threeInARow(): Judge {
  let failures = 0
  let slow = 0
  return {
    name: 'three in a row',
    observe(_at, { success, durationSeconds }) {
      failures = success ? 0 : failures + 1
      slow = durationSeconds > maxLatency ? slow + 1 : 0
      return [...(failures >= 3 ? ['Down'] : []), ...(slow >= 3 ? ['Slow'] : [])]
    },
  }
}

interface Window {
  readonly seconds: number
  readonly checks: boolean[]
  bad: number
}

/**
 * The multi-window, multi-burn-rate alerts of the SRE Workbook (https://sre.google/workbook/alerting-on-slos/) for the same objective: a check
 * that fails is bad. They judge no latency.
 */
export function burnRates(budget = maxErrorRate / 100): Judge {
  const windows = new Map<number, Window>(
    [300, 1800, 3600, 7200, 21_600, 86_400, 259_200].map((seconds) => [
      seconds,
      { seconds, checks: [], bad: 0 },
    ]),
  )
  const above = (seconds: number, rate: number): boolean => {
    const { bad, checks } = windows.get(seconds)!
    return bad / checks.length > rate * budget
  }
  return {
    name: 'burn rates',
    observe(_at, { success }) {
      const isBad = !success
      for (const window of windows.values()) {
        window.checks.push(isBad)
        if (isBad) window.bad++
        if (window.checks.length > window.seconds / interval && window.checks.shift()) window.bad--
      }
      const page = (above(3600, 14.4) && above(300, 14.4)) || (above(21_600, 6) && above(1800, 6))
      const ticket = (above(86_400, 3) && above(7200, 3)) || (above(259_200, 1) && above(21_600, 1))
      return [...(page ? ['Page'] : []), ...(ticket ? ['Ticket'] : [])]
    },
  }
}

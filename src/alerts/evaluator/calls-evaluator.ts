import * as z from 'zod'
import type { CallTarget } from '../../config/target/calls.ts'
import type { Alert } from '../alert.ts'
import { callsRules, type CallCounts } from './rules/calls.ts'
import { fingerprintOf } from './fingerprint.ts'
import { activeAlertSchema, type ActiveAlert } from './state.ts'

/** One call of a target, as far as alerts are concerned. */
export interface JudgedCall {
  readonly durationSeconds: number
  readonly outcome: 'ok' | 'error' | 'unknown'
}

const stateSchema = z.object({ version: z.literal(1), firing: z.array(activeAlertSchema) })

/** What outlives the process: the alerts that fire. */
export type CallsState = z.infer<typeof stateSchema>

/** @returns Nothing where it is no state of this version. */
export function parseCallsState(json: unknown): CallsState | undefined {
  return stateSchema.safeParse(json).data
}

/** Seconds of the pieces that calls are counted in, as Prometheus scrapes them. */
const pieceSeconds = 15
const piecesOfMinute = 4
const piecesKept = 20

/** Seconds for which an alert goes on after its condition was last found to hold. */
const keepFiringFor = 300

/** Seconds after which whoever was told that an alert fires is told again, with fresh words. */
const tellAgainAfter = 300

type Piece = { -readonly [K in keyof CallCounts]: number }

/** One target and its calls of the last five minutes, oldest first. */
interface Watched {
  target: CallTarget
  pieces: Map<number, Piece>
}

/**
 * Decides, without Prometheus, when an alert about the calls of a target begins and ends. It has no clock: every call takes the time,
 * in unix seconds.
 */
export class CallsEvaluator {
  readonly #watched = new Map<string, Watched>()
  /** By the fingerprint of their labels. */
  readonly #alerts = new Map<string, ActiveAlert>()

  /**
   * @param state What an earlier process left behind. Its alerts go on for as long as without evidence, and are told again, because whether
   *   they were is not known for sure.
   */
  constructor(state?: CallsState, now = 0) {
    for (const alert of state?.firing ?? [])
      this.#alerts.set(fingerprintOf(alert.labels), { ...alert, heldAt: now, toldAt: 0 })
  }

  /** Judges the calls of these targets and of no others. */
  setTargets(targets: readonly CallTarget[]): void {
    const names = new Set(targets.map(({ name }) => name))
    for (const name of this.#watched.keys()) if (!names.has(name)) this.#watched.delete(name)
    for (const target of targets) {
      const known = this.#watched.get(target.name)
      if (known === undefined) this.#watched.set(target.name, { target, pieces: new Map() })
      else known.target = target
    }
  }

  observe(name: string, { durationSeconds, outcome }: JudgedCall, now: number): void {
    const watched = this.#watched.get(name)
    if (watched === undefined) return
    const at = Math.floor(now / pieceSeconds)
    let piece = watched.pieces.get(at)
    if (piece === undefined) {
      piece = { total: 0, slow: 0, ok: 0, errors: 0 }
      watched.pieces.set(at, piece)
      for (const old of watched.pieces.keys()) if (old < at - piecesKept) watched.pieces.delete(old)
    }
    piece.total += 1
    if (durationSeconds > watched.target.expect.maxLatency) piece.slow += 1
    if (outcome === 'ok') piece.ok += 1
    if (outcome === 'error') piece.errors += 1
  }

  /** The wall clock has jumped by so many seconds. */
  shift(seconds: number): void {
    for (const alert of this.#alerts.values()) {
      alert.startsAt += seconds
      alert.heldAt += seconds
      if (alert.toldAt !== undefined) alert.toldAt += seconds
    }
    const pieces = Math.round(seconds / pieceSeconds)
    for (const watched of this.#watched.values())
      watched.pieces = new Map([...watched.pieces].map(([at, piece]) => [at + pieces, piece]))
  }

  /** Decides every alert. @returns What somebody is to be told. */
  tick(now: number): Alert[] {
    const alerts: Alert[] = []
    for (const { target, pieces } of this.#watched.values()) {
      const minute = sum(pieces, now, piecesOfMinute)
      const fiveMinutes = sum(pieces, now, piecesKept)
      for (const rule of callsRules) {
        const value = rule.decide(target, minute, fiveMinutes)
        if (value === undefined) continue
        const labels = {
          ...target.labels,
          target: target.name,
          alertname: rule.alertname,
          severity: 'warning',
        }
        const key = fingerprintOf(labels)
        const active = this.#alerts.get(key)
        const annotations = rule.annotations(target, value)
        const toldAt = active?.toldAt ?? 0
        this.#alerts.set(key, { startsAt: active?.startsAt ?? now, heldAt: now, toldAt, labels, annotations })
      }
    }
    for (const [key, alert] of this.#alerts) {
      if (now - alert.heldAt > keepFiringFor) {
        this.#alerts.delete(key)
        alerts.push({ ...asAlert(alert), status: 'resolved', endsAt: new Date(now * 1000) })
      } else if (now - (alert.toldAt ?? 0) >= tellAgainAfter) {
        alert.toldAt = now
        alerts.push(asAlert(alert))
      }
    }
    return alerts
  }

  firing(): Alert[] {
    return [...this.#alerts.values()].map(asAlert)
  }

  state(): CallsState {
    return { version: 1, firing: [...this.#alerts.values()] }
  }
}

function sum(pieces: ReadonlyMap<number, CallCounts>, now: number, count: number): CallCounts {
  const newest = Math.floor(now / pieceSeconds)
  const total = { total: 0, slow: 0, ok: 0, errors: 0 }
  for (const [at, piece] of pieces) {
    // The newest has only begun.
    if (at < newest - count || at > newest) continue
    total.total += piece.total
    total.slow += piece.slow
    total.ok += piece.ok
    total.errors += piece.errors
  }
  return total
}

function asAlert({ labels, annotations, startsAt }: Omit<ActiveAlert, 'heldAt'>): Alert {
  return {
    status: 'firing',
    labels,
    annotations,
    startsAt: new Date(startsAt * 1000),
    fingerprint: fingerprintOf(labels),
  }
}

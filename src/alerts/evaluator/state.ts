import * as z from 'zod'
import { failureReasons } from '../../net/failure.ts'
import type { Alert } from '../alert.ts'

const texts = z.record(z.string(), z.string())
const instant = z.iso.datetime().transform((text) => new Date(text))

/** An alert that fires. */
const activeAlertSchema = z.object({
  /** When it began, in unix seconds. It identifies the alert, so it stays when the wall clock jumps. */
  startsAt: z.number(),
  /** The same moment, moved with every jump of the wall clock. */
  begunAt: z.number(),
  /** When its condition was last found to hold. */
  heldAt: z.number(),
  /** When it was last handed over as firing; absent if it never was. */
  toldAt: z.number().exactOptional(),
  labels: texts,
  annotations: texts,
  /** That of the labels with which it began. Absent: they are the same. */
  fingerprint: z.string().exactOptional(),
})

const targetSchema = z.object({
  /** When it was last checked, in unix seconds. */
  lastCheckAt: z.number(),
  /** Where the present failures are counted from: one interval before the first of them. */
  lastSuccessAt: z.number(),
  /** When a check really succeeded last; null where none ever did. Absent in what an earlier version wrote. */
  succeededAt: z.number().nullable().exactOptional(),
  failing: z.boolean(),
  lastDownAt: z.number().exactOptional(),
  /** Until when it holds back the alerts of those that depend on it. */
  holdsUntil: z.number().exactOptional(),
  /** When the maintenance ends, or ended, that it was last checked in. */
  maintainedUntil: z.number().exactOptional(),
  /** The newest address that its name led to. */
  address: z.string().exactOptional(),
  /** On which step of their way to it its checks fail. */
  unreachableBy: z.enum(failureReasons).exactOptional(),
  /** Until when its alerts are held back because the network of the prober is down. */
  networkHoldsUntil: z.number().exactOptional(),
  /** When it went up or down. */
  turns: z
    .object({ turns: z.array(z.number()), falls: z.array(z.number()), wasDown: z.boolean() })
    .exactOptional(),
  /** How many checks in a row have succeeded since it was found down; absent where it has recovered. */
  passes: z.number().exactOptional(),
  alerts: z.record(z.string(), activeAlertSchema),
})

const silenceSchema = z.object({
  /** Since the last call. */
  seconds: z.number(),
  /** What was counted in each hour of the last day: when it began, in unix seconds, its calls, and the seconds that are known of it. */
  hours: z.array(z.object({ at: z.number(), calls: z.number(), known: z.number() })),
  /** The longest silences that have ended: when, in unix seconds, and after how many seconds. */
  ended: z.array(z.object({ at: z.number(), seconds: z.number() })),
})

const callsSchema = z.object({
  silence: silenceSchema.exactOptional(),
  alerts: z.record(z.string(), activeAlertSchema),
})

const networkSchema = z.object({ alerts: z.record(z.string(), activeAlertSchema) })

const processSchema = z.object({ alerts: z.record(z.string(), activeAlertSchema) })

const peerSchema = z.object({ alerts: z.record(z.string(), activeAlertSchema) })

const stateSchema = z.object({
  version: z.literal(2),
  targets: z.record(z.string(), targetSchema),
  /** The targets whose calls are judged, by name. */
  calls: z.record(z.string(), callsSchema),
  /** The alert about the network of the prober. */
  network: networkSchema.exactOptional(),
  /** The alert about the process itself. */
  process: processSchema.exactOptional(),
  /** The alert about the other solo of a pair. */
  peer: peerSchema.exactOptional(),
  /** Ends that were not handed over yet. */
  ended: z.array(
    z.object({
      status: z.literal('resolved'),
      labels: texts,
      annotations: texts,
      startsAt: instant,
      endsAt: instant,
      fingerprint: z.string(),
    }) satisfies z.ZodType<Alert>,
  ),
})

/** An alert that fires. */
export type ActiveAlert = z.infer<typeof activeAlertSchema>

/** What outlives the process of one target that is checked. */
export type TargetState = z.infer<typeof targetSchema>

/** What outlives the process of one target whose calls are judged. */
export type CallsState = z.infer<typeof callsSchema>

/** What outlives the process of when a target was called. */
export type SilenceState = z.infer<typeof silenceSchema>

/** What outlives the process of the network of the prober. */
export type NetworkState = z.infer<typeof networkSchema>

/** What outlives the process of itself. */
export type ProcessState = z.infer<typeof processSchema>

/** What outlives the process of the other solo of a pair. */
export type PeerState = z.infer<typeof peerSchema>

/** What outlives the process. */
export type EvaluatorState = z.infer<typeof stateSchema>

/** @returns Undefined if it is not the state of this version. */
export function parseEvaluatorState(json: unknown): EvaluatorState | undefined {
  return stateSchema.safeParse(json).data
}

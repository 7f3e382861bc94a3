import { maybe, type ProbeMetric } from '../../metric.ts'
import { failedDueToRegex } from '../regex-metric.ts'

/** What groups of matching lines have found. Name and semantics are blackbox_exporter's. */
export const expectInfo = maybe(
  'probe_expect_info',
  'Explicit content matched; its labels are those of the steps of dialogue:',
  ({ result }) => result.dialogue?.info.map((labels) => ({ labels, value: 1 })) ?? [],
)

const failedDueToBytes = maybe(
  'probe_failed_due_to_bytes',
  'Indicates if probe failed due to bytes; absent when there was no connection to talk over',
  ({ result: { dialogue } }) =>
    dialogue?.failedDueToBytes === undefined ? [] : [Number(dialogue.failedDueToBytes)],
)

/** What was said over a connection. Names and semantics are blackbox_exporter's. */
export const dialogueMetrics: readonly ProbeMetric[] = [failedDueToRegex, failedDueToBytes, expectInfo]

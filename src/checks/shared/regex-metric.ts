import { maybe } from '../metric.ts'

/** Whether a rule about what the peer says failed: of HTTP and of dialogues alike. Name and semantics are blackbox_exporter's. */
export const failedDueToRegex = maybe(
  'probe_failed_due_to_regex',
  'Indicates if probe failed due to regex; absent when there was no connection to talk over',
  ({ result: { http, dialogue } }) => {
    if (dialogue && dialogue.failedDueToRegex === undefined) return []
    return [Number(http?.failedDueToRegex ?? dialogue?.failedDueToRegex ?? false)]
  },
)

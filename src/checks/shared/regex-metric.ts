import { always } from '../metric.ts'

/** Whether a rule about what the peer says failed: of HTTP and of dialogues alike. Name and semantics are blackbox_exporter's. */
export const failedDueToRegex = always(
  'probe_failed_due_to_regex',
  'Indicates if probe failed due to regex',
  ({ result }) => Number(result.http?.failedDueToRegex ?? result.dialogue?.failedDueToRegex ?? false),
)

/** What the database says about an incident: its first failure, and the last one so far. */
export interface IncidentRow {
  started_at: Date
  ended_at: Date | null
  reason: string | null
  message: string | null
  status: number | null
  last_failure_at: Date
  last_reason: string | null
  last_message: string | null
  maintenance: boolean
}

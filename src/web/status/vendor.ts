/** What a vendor says of itself, from the best to the worst; `unknown`: its page could not be read for ten minutes. */
export const saidStates = [
  'unknown',
  'operational',
  'maintenance',
  'degraded',
  'partial_outage',
  'major_outage',
] as const
export type SaidState = (typeof saidStates)[number]

/** What the vendor of a target says of itself. */
export interface VendorSaid {
  /** As the configuration names it. */
  readonly name: string
  readonly state: SaidState
  /** What it calls the worst of what goes on: one line. Absent where nothing does. */
  readonly title?: string
  /** When its page was last read; absent where it never was. */
  readonly readAt?: Date
}

/** Whether a vendor admitted an incident. */
export interface VendorAdmission {
  /** Seconds after the incident began; 0: the vendor had said so before. Absent: it did not say so. */
  readonly afterSeconds?: number
}

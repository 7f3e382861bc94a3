/** Which reports were sent, by either of the two. */
export interface ReportsBook {
  /** Up to which time all that were due were sent, by the name of the report, in unix milliseconds. */
  readonly sent: () => Record<string, number>
  /** Takes what the other one says. */
  readonly heard: (theirs: Readonly<Record<string, number>>) => void
}

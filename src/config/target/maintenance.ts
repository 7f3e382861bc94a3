/** A time in which a target is worked on: it is checked, but none of its alerts begins. */
export interface MaintenanceWindow {
  /** When the window that holds this moment ends, both in unix seconds; nothing where none does. */
  readonly endAt: (at: number) => number | undefined
}

/** When the last of the windows that hold this moment ends, in unix seconds. */
export function maintenanceEnd(
  windows: readonly MaintenanceWindow[] | undefined,
  at: number,
): number | undefined {
  const ends = (windows ?? []).flatMap((window) => window.endAt(at) ?? [])
  return ends.length === 0 ? undefined : Math.max(...ends)
}

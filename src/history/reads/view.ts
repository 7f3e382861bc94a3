/** Whose past is read: targets, as they are seen from one place. */
export interface View {
  readonly targets: readonly string[]
  readonly location: string
}

export const hourMs = 3_600_000
export const dayMs = 24 * hourMs

export function iso(time: number): string {
  return new Date(time).toISOString()
}

import { integer } from '../../settings/values/scalars.ts'

/** The key of `expect:` for what is started again after a crash. */
export const restartsShape = {
  max_restarts: integer(0, 1_000_000_000, 'Restarts.')
    .optional()
    .describe(
      'How often systemd or Docker may have restarted the unit or the container since somebody last started it. Default: any number.',
    ),
}

/** Says that there were too many; nothing where there were not. @param restarts Absent: none is counted. */
export function tooManyRestarts(
  what: string,
  restarts: number | undefined,
  most: number | undefined,
): string | undefined {
  if (restarts === undefined || most === undefined || restarts <= most) return undefined
  return `expected ${what} to have been restarted at most ${most} times, it was restarted ${restarts} times`
}

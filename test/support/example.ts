import type { ProbeResult } from '../../src/checks/result.ts'

/** A target of one kind of check and what a check of it may have seen: `test/checks/KIND/example.ts` has one of each kind. */
export interface Example {
  /** The keys of the target, but for its name. */
  readonly target: Readonly<Record<string, unknown>>
  /** Files that they name, by their absolute paths. Default: none. */
  readonly files?: Readonly<Record<string, string>>
  readonly result: ProbeResult
  /** What a person is shown of it: the label and the value of each line. */
  readonly facts: readonly (readonly [label: string, value: string])[]
}

/** A check that succeeded, without what its kind has seen. */
export const succeeded: ProbeResult = {
  startedAt: new Date('2026-11-20T12:00:00.250Z'),
  durationSeconds: 0.125,
  success: true,
}

/** The same over a connection. */
export const connected: ProbeResult = {
  ...succeeded,
  resolve: { durationSeconds: 0.002, address: '192.0.2.7' },
  phases: { resolve: 0.002, connect: 0.003 },
}

/** A certificate of a server. */
export const certificate = {
  subject: 'CN=shop.example',
  issuer: 'CN=Some CA',
  subjectAlternative: 'shop.example',
  serialNumber: '0a',
  fingerprintSha256: 'ff',
  notBefore: 1_700_000_000,
  notAfter: 1_900_000_000,
} as const

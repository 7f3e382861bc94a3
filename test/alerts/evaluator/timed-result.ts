import type { ProbeResult } from '../../../src/checks/result.ts'
import type { TimedCheck } from './timelines.ts'

/** A check of a story as a prober returns it. */
export function resultOf({
  at,
  durationSeconds,
  reason,
  certificateExpiry,
  chainExpiry,
}: TimedCheck): ProbeResult {
  return {
    startedAt: new Date(at * 1000),
    durationSeconds,
    success: reason === undefined,
    ...(reason && { failure: { reason, message: 'as told' } }),
    ...(certificateExpiry !== undefined && {
      tls: {
        chain: [
          {
            subject: 'a',
            issuer: 'b',
            subjectAlternative: '',
            serialNumber: '1',
            fingerprintSha256: '',
            notBefore: 0,
            notAfter: certificateExpiry,
          },
        ],
        verified: chainExpiry !== undefined,
        earliestExpiry: certificateExpiry,
        ...(chainExpiry !== undefined && { lastChainExpiry: chainExpiry }),
      },
    }),
  }
}

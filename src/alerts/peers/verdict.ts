import type { Delivery } from '../delivery/delivery.ts'
import type { Role } from './presence.ts'
import type { Sent } from './sent-book.ts'

/** What the other solo knows, as it said last. Times are unix milliseconds of this machine's clock. */
export interface PeerKnowledge {
  readonly at: number
  /** Since when it has been watching. */
  readonly watchingSince: number
  /** The fingerprints of its alerts. */
  readonly alerts: ReadonlySet<string>
  /** The keys of what it is sending, by alert and destination. */
  readonly sending: ReadonlySet<string>
}

export interface Case {
  readonly delivery: Delivery
  /** The end that waits in the same line. */
  readonly end: Delivery | undefined
  /** What was last sent about this alert to this destination. */
  readonly sent: Sent | undefined
  /** The id of this solo. */
  readonly self: string
  readonly role: Role
  /** Whether what the one that stands by alone knows of is sent too. */
  readonly eitherCounts: boolean
  /** Absent until the other one said something. */
  readonly peer: PeerKnowledge | undefined
  /** Of the alert at its destination. */
  readonly sentKey: string
  readonly now: number
}

/** Milliseconds for which one that stands by keeps what it alone has seen, in case the leader dies while it sees the same. */
const patienceMs = 30_000

/** Whether the other solo has sent this, or what makes it outdated. */
function isCovered({ delivery, sent, self }: Pick<Case, 'delivery' | 'sent' | 'self'>): boolean {
  if (sent === undefined || sent.by === self) return false
  const { status, alertCount = 1, endsAt } = delivery.notification
  if (sent.status === 'resolved') return delivery.incident < sent.until
  // The end of an earlier one, whose end was sent too.
  if (status === 'resolved') return endsAt !== undefined && endsAt.getTime() < sent.since
  return sent.count >= alertCount
}

/** What becomes of one delivery. */
export function verdictOn(one: Case): 'send' | 'hold' | 'settle' {
  if (isCovered(one)) return 'settle'
  if (one.role === 'alone') return 'send'
  if (one.role === 'leading') return one.peer?.sending.has(one.sentKey) ? 'hold' : 'send'
  return isUnseen(one) ? 'settle' : 'hold'
}

/** It is over, and the leader watched all the time and saw nothing: its view counts. */
function isUnseen({ delivery, end, sent, role, peer, eitherCounts, now }: Case): boolean {
  const { status, fingerprint } = delivery.notification
  const over = status === 'resolved' ? delivery : end
  if (eitherCounts || role !== 'standby' || peer === undefined || over === undefined) return false
  if (peer.alerts.has(fingerprint) || (over === delivery && sent?.status === 'firing')) return false
  const settled = peer.at > over.createdAt && now - over.createdAt >= patienceMs
  return settled && peer.watchingSince <= delivery.incident
}

/** Whether one that stands by leaves it to a leader that would otherwise never send it. */
export function isOrphan({ delivery, sent, role, peer, eitherCounts, now }: Case): boolean {
  const { status, fingerprint } = delivery.notification
  if (role !== 'standby' || peer === undefined || peer.alerts.has(fingerprint)) return false
  if (peer.at <= delivery.createdAt) return false
  // By then the leader has not heard of it, and may never.
  if (eitherCounts && now - delivery.createdAt >= patienceMs) return true
  return delivery.incident < peer.watchingSince || (status === 'resolved' && sent?.status === 'firing')
}

import type { Notification } from '../channel.ts'

/** How bad it is, for what has priorities and colours. */
export type Level = 'critical' | 'warning' | 'info' | 'resolved' | 'ended' | 'test'

/** What is seen of a message before it is read. */
export interface Look {
  readonly level: Level
  readonly emoji: string
  /** The name of the emoji between colons, as Slack and others write it. */
  readonly shortcode: string
  /** `#rrggbb`. */
  readonly color: string
}

/** What has another severity, or none, may be as bad as it gets. */
export function lookOf({ status, ended, severity, test }: Notification): Look {
  if (test) return looks.test
  if (ended !== undefined) return looks.ended
  if (status === 'resolved') return looks.resolved
  return severity === 'info' || severity === 'warning' ? looks[severity] : looks.critical
}

export const looks: Readonly<Record<Level, Look>> = {
  critical: { level: 'critical', emoji: '🔴', shortcode: ':red_circle:', color: '#a30200' },
  warning: { level: 'warning', emoji: '⚠️', shortcode: ':warning:', color: '#daa038' },
  info: { level: 'info', emoji: 'ℹ️', shortcode: ':information_source:', color: '#439fe0' },
  resolved: { level: 'resolved', emoji: '✅', shortcode: ':white_check_mark:', color: '#2eb886' },
  ended: { level: 'ended', emoji: '➖', shortcode: ':heavy_minus_sign:', color: '#808080' },
  test: { level: 'test', emoji: '🧪', shortcode: ':test_tube:', color: '#808080' },
}

import { describe, expect, it } from '@jest/globals'
import { trackRecipients } from '../../../src/channels/shared/recipients.ts'
import { aNotification } from '../../support/alerts/alerts.ts'

describe('the recipients of a notification', () => {
  const first = aNotification({ alertCount: 1 })

  it('are all of them at first, then those who were not told', () => {
    const recipients = trackRecipients(['a', 'b', 'c'])
    expect(recipients.pending(first)).toEqual(['a', 'b', 'c'])
    recipients.told(first, ['b'])
    recipients.told(first, ['a'])
    expect(recipients.pending(first)).toEqual(['c'])
  })

  it.each([
    ['all were notified', ['a', 'b']],
    ['nobody tries again', ['a']],
  ])('are all of them again once %s', (_what, told) => {
    const recipients = trackRecipients(['a', 'b'])
    recipients.told(first, told)
    if (told.length === 1) recipients.forget(first)
    expect(recipients.pending(first)).toEqual(['a', 'b'])
  })

  it('are counted for each notification by itself', () => {
    const recipients = trackRecipients(['a', 'b'])
    recipients.told(first, ['a'])
    for (const other of [
      aNotification({ alertCount: 2 }),
      aNotification({ alertCount: 1, status: 'resolved' }),
      aNotification({ alertCount: 1, fingerprint: 'x' }),
      aNotification({ alertCount: 1, startsAt: new Date(0) }),
    ]) {
      expect(recipients.pending(other)).toEqual(['a', 'b'])
    }
  })

  it('are forgotten, the oldest first, where too many notifications wait', () => {
    const recipients = trackRecipients(['a', 'b'])
    for (let n = 0; n <= 1000; n++) recipients.told(aNotification({ fingerprint: String(n) }), ['a'])
    expect(recipients.pending(aNotification({ fingerprint: '0' }))).toEqual(['a', 'b'])
    expect(recipients.pending(aNotification({ fingerprint: '1' }))).toEqual(['b'])
  })
})

import { describe, expect, it } from 'vitest'
import { createPresence } from '../../../src/alerts/peers/presence.ts'
import { testClock } from '../../support/time/clock.ts'

const a = { name: 'a', id: '1' }
const b = { name: 'b', id: '2' }

function presenceOf(self = a) {
  const clock = testClock()
  const presence = createPresence({ self, clock })
  /** Lets time pass as for a process that runs. */
  const pass = (seconds: number): void => {
    for (let second = 0; second < seconds; second++) {
      clock.advance(1)
      presence.role()
    }
  }
  return { clock, presence, pass }
}

describe('who notifies', () => {
  it('is the one whose name is first, or whose id is if they have one name', () => {
    for (const [self, peer, role] of [
      [a, b, 'leading'],
      [b, a, 'standby'],
      [{ name: 'a', id: '1' }, { name: 'a', id: '2' }, 'leading'],
      [{ name: 'a', id: '2' }, { name: 'a', id: '1' }, 'standby'],
    ] as const) {
      const { presence, clock } = presenceOf(self)
      presence.heard(peer)
      presence.confirmed(clock.monotonic())
      expect(presence.role()).toBe(role)
    }
  })

  it('is nobody until 30 s after the start, unless the other one is heard of', () => {
    const { presence, pass } = presenceOf()
    pass(29)
    expect(presence.role()).toBe('waiting')
    pass(1)
    expect(presence.role()).toBe('alone')
  })

  it('is not the leader while the other one may not hear it, for 30 s', () => {
    const { presence, pass, clock } = presenceOf()
    presence.heard(b)
    presence.confirmed(clock.monotonic())
    for (let second = 0; second < 14; second++) {
      pass(1)
      presence.heard(b)
    }
    expect(presence.role()).toBe('leading')
    pass(1)
    presence.heard(b)
    expect(presence.role()).toBe('waiting')
    pass(15)
    presence.heard(b)
    expect(presence.role()).toBe('alone')
  })

  it('is not known to one that has not run for a while', () => {
    const { presence, pass, clock } = presenceOf()
    presence.heard(b)
    presence.confirmed(clock.monotonic())
    const before = clock.monotonic()
    clock.advance(300)
    expect(presence.role()).toBe('waiting')
    expect(presence.isAwakeSince(before)).toBe(false)
    // What was said before counts no more.
    presence.confirmed(before)
    presence.heard(b)
    expect(presence.role()).toBe('waiting')
    pass(1)
    presence.confirmed(clock.monotonic())
    expect(presence.role()).toBe('leading')
  })

  it('is one that hardly ever runs, after a minute: it must not be silent forever', () => {
    const { presence, clock } = presenceOf()
    const roles = Array.from({ length: 5 }, () => {
      clock.advance(15)
      return presence.role()
    })
    expect(roles).toEqual(['waiting', 'waiting', 'waiting', 'waiting', 'alone'])
  })
})

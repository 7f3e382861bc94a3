import { describe, expect, it } from 'vitest'
import { welcome } from '../../../src/app/solo/welcome.ts'
import { watchedNames } from '../../../src/config/config.ts'
import { aTarget } from '../../support/target.ts'
import { aCallTarget } from '../../calls/support/calls.ts'

const lines = (names: readonly string[], channels: readonly string[] = []): string[] =>
  welcome({
    url: 'http://127.0.0.1:9740',
    watched: () => names,
    notified: () => channels,
  }).split('\n')

describe('the first words of solo', () => {
  it('say what is watched, where the page is, and that nobody is notified yet', () => {
    expect(lines(['shop'])).toEqual([
      'Probity watches 1 target: shop.',
      'Open http://127.0.0.1:9740/ for the status page, press Ctrl+C to stop.',
      'Alerts go to nobody yet: set SLACK_WEBHOOK_URL in .env and start again, or see docs/notify.md.',
      '',
    ])
  })

  it('name a few targets, without what a terminal would obey', () => {
    const [first] = lines(['a\u001b[2J', 'b', 'c', 'd', 'e', 'f', 'g'])
    expect(first).toBe('Probity watches 7 targets: a, b, c, d, e, and 2 more.')
    expect(lines([])[0]).toBe('Probity watches nothing yet: add targets to the configuration.')
  })

  it('name targets that are judged on calls alone', () => {
    const callTargets = [aCallTarget('shop', {}, { probed: true }), aCallTarget('makePayment', {})]
    expect(watchedNames({ targets: [aTarget({ name: 'shop' })], callTargets })).toEqual([
      'shop',
      'makePayment',
    ])
    expect(watchedNames({ targets: [], callTargets: callTargets.slice(1) })).toEqual(['makePayment'])
  })

  it('name the channels that alerts go to', () => {
    expect(lines(['shop'], ['slack', 'email'])[2]).toBe('Alerts go to slack, email.')
  })
})

import { describe, expect, it } from 'vitest'
import type { Notification } from '../../../src/channels/channel.ts'
import { wordsOf } from '../../../src/channels/shared/words.ts'
import { webhookMessage } from '../../../src/channels/webhook/message.ts'
import { firing, recovered } from '../../support/alerts/notifications.ts'

function about(target: string, more: Partial<Notification> = {}): Notification {
  return { ...firing, target, summary: `${target} is down`, labels: { ...firing.labels, target }, ...more }
}

const group = ([first, ...others]: readonly Notification[]): Notification => ({ ...first!, others })
const shops = Array.from({ length: 40 }, (_, index) => about(`s${index + 1}`))

describe('one message for several alerts', () => {
  it('names the first targets in its title, and counts the rest', () => {
    const { title, short } = wordsOf(group(shops))
    expect(title).toBe('CRITICAL: TargetDown for 40 targets: s1, s2, s3 and 37 more')
    expect(short).toBe(title)
  })

  it('says each alert on a line, up to 20, and how many more there are', () => {
    const { sentences } = wordsOf(group(shops))
    expect(sentences).toHaveLength(21)
    expect(sentences[0]).toBe('CRITICAL: s1 is down')
    expect(sentences.at(-1)).toBe('and 20 more')
  })

  it('has the facts and links that are the same for all of them', () => {
    const { facts, links, body } = wordsOf(group([about('a'), about('b')]))
    expect(facts.map(({ name }) => name)).toEqual(expect.arrayContaining(['Alert', 'Reason']))
    expect(facts.map(({ name }) => name)).not.toContain('Target')
    expect(links.map(({ name }) => name)).toContain('Runbook')
    expect(body).toContain('CRITICAL: a is down\nCRITICAL: b is down\n')
  })

  it('says what fires before what is resolved, and the worst first', () => {
    const { title, sentences } = wordsOf(
      group([{ ...recovered, target: 'old' }, about('mild', { severity: 'warning' }), about('bad')]),
    )
    expect(title).toBe('CRITICAL: TargetDown for 2 targets: bad and mild; 1 resolved')
    expect(sentences.map((line) => line.split(':')[0])).toEqual(['CRITICAL', 'WARNING', 'RESOLVED'])
  })

  it('is resolved once all of them are', () => {
    const ended = ['a', 'b'].map((target) => ({ ...recovered, target }))
    expect(wordsOf(group(ended)).title).toBe('RESOLVED: TargetDown for 2 targets: a and b')
    expect(webhookMessage(group(ended), 'ops')).toMatchObject({ status: 'resolved' })
    expect(webhookMessage(group([...ended, about('c')]), 'ops')).toMatchObject({ status: 'firing' })
  })

  it('names the kinds of alerts where there are several', () => {
    const { title } = wordsOf(group([about('a'), about('b', { alertname: 'TargetSlow' })]))
    expect(title).toBe('CRITICAL: 2 alerts (TargetDown and TargetSlow) for 2 targets: a and b')
  })

  it('is a group of Alertmanager for a webhook, with what all alerts have in common', () => {
    const message = webhookMessage(group([about('a'), about('b')]), 'ops')
    expect(message).toMatchObject({
      alerts: [{ labels: { target: 'a' } }, { labels: { target: 'b' } }],
      groupLabels: { alertname: 'TargetDown' },
      commonLabels: { alertname: 'TargetDown', vendor: 'stripe' },
    })
    expect(message).not.toHaveProperty('commonLabels.target')
  })
})

import { describe, expect, it } from 'vitest'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Notification } from '../../../src/channels/channel.ts'
import { smsText } from '../../../src/channels/sms/sms.ts'
import { wordsOf } from '../../../src/channels/shared/words.ts'
import { aNotification } from '../../support/alerts/alerts.ts'
import {
  firing,
  hostileNotification,
  hostileTexts,
  recovered,
  testMessage,
} from '../../support/alerts/notifications.ts'

const long = aNotification({
  summary: `checkout of the German shop answers ${'very '.repeat(60)}slowly`,
  lastOutput: Array.from({ length: 40 }, (_, line) => `line ${line} of ${'a long '.repeat(12)}output`).join(
    '\n',
  ),
})

const bare = aNotification({
  alertname: 'ExporterDown',
  target: '',
  severity: '',
  summary: 'No Probity exporter answers: nothing is being checked',
  description: '',
  runbookUrl: 'docs/alerts.md#exporterdown',
  dashboardUrl: '/d/probity-self',
  labels: {},
})

/** Everything that people read, as one text. */
function page(notification: Notification): string {
  const { title, short, body } = wordsOf(notification)
  return `title: ${title}\nshort: ${short}\nSMS:   ${smsText(notification)}\n\n${body}\n`
}

describe('the words of a notification', () => {
  it('say at the end what was run to repair it, on one bounded line', () => {
    const repair = 'restart-shop ran at 12:03 UTC (exit 0); the next 2 checks passed'
    expect(wordsOf({ ...recovered, repair }).body).toMatch(/^Repair: +restart-shop ran at 12:03 UTC/m)
    for (const text of Object.values(hostileTexts)) {
      const { facts } = wordsOf({ ...recovered, repair: `${text}\n`.repeat(100) })
      const value = facts.find(({ name }) => name === 'Repair')?.value ?? ''
      expect(value).not.toMatch(/[\u0000-\u001f\u202e]/)
      expect(value.length).toBeLessThanOrEqual(300)
    }
  })

  it('say that an alert is no longer reported, and not that its target recovered', () => {
    const { title, sentences } = wordsOf({ ...recovered, ended: 'unreported' })
    expect(title).toMatch(/^NO LONGER REPORTED: TargetDown of \S+ after /)
    expect(sentences[0]).toBe(
      'The alert is no longer reported by Alertmanager, which did not say when it ended.',
    )
  })

  it('say that a target is no longer watched, and not that it recovered', () => {
    const { title, sentences } = wordsOf({ ...recovered, ended: 'unwatched' })
    expect(title).toMatch(/^NO LONGER WATCHED: TargetDown of \S+ after /)
    expect(sentences[0]).toBe('The target is no longer watched: nobody knows whether it has recovered.')
    const [gone, over] = [{ ...recovered, ended: 'unwatched' as const }, recovered]
    expect(wordsOf({ ...gone, others: [gone] }).title).toMatch(/^NO LONGER WATCHED: TargetDown for /)
    expect(wordsOf({ ...gone, others: [over] }).title).toMatch(/^ENDED: TargetDown for /)
    expect(wordsOf({ ...firing, others: [gone, over] }).title).toMatch(/; 1 no longer watched; 1 resolved$/)
  })

  it('say that a target was paused, and not that it recovered', () => {
    const { title, sentences } = wordsOf({ ...recovered, ended: 'paused' })
    expect(title).toMatch(/^PAUSED: TargetDown of \S+ after /)
    expect(sentences[0]).toBe('The target was paused: nobody knows whether it has recovered.')
  })

  it('name what the target was called before', () => {
    const renamed = { ...recovered, target: 'store', formerly: 'market, shop' }
    expect(wordsOf(renamed).title).toMatch(/^RESOLVED: TargetDown of store \(formerly market, shop\) after /)
    const { facts } = wordsOf({ ...firing, target: 'store', formerly: 'shop' })
    expect(facts).toContainEqual({ name: 'Target', value: 'store (formerly shop)' })
  })

  it.each([
    ['firing', firing],
    ['resolved', recovered],
    ['test', testMessage],
    ['long', long],
    ['bare', bare],
  ])('are those in golden/%s.txt', async (name, notification) => {
    const golden = await readFile(join(import.meta.dirname, 'golden', `${name}.txt`), 'utf8')
    expect(page(notification)).toBe(golden)
  })

  it.each(Object.entries(hostileTexts))('are bounded, plain text when they hold %s', (_name, text) => {
    for (const status of ['firing', 'resolved'] as const) {
      const words = wordsOf({ ...hostileNotification(text), status })
      expect(words.title.length).toBeLessThanOrEqual(200)
      expect(words.short.length).toBeLessThanOrEqual(158)
      expect(words.output.length).toBeLessThanOrEqual(2000)
      expect(words.body.length).toBeLessThan(12_000)
      const oneLines = [
        words.title,
        words.short,
        ...words.sentences,
        ...words.facts.map(({ value }) => value),
      ]
      for (const line of oneLines) expect(line).toMatch(/^[^\p{Cc}\u2028\u2029]*$/u)
      for (const part of [...oneLines, words.body, words.output]) {
        expect(part.isWellFormed()).toBe(true)
        expect(part).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
      }
    }
  })

  it('do not let output pass for a line of theirs', () => {
    const { body } = wordsOf(aNotification({ lastOutput: 'x\nRunbook: https://evil.example' }))
    expect(body.split('\n').filter((line) => line.startsWith('Runbook'))).toEqual([])
    expect(body).toContain('\n    Runbook: https://evil.example')
  })

  it.each([
    ['a path', 'docs/alerts.md#targetdown'],
    ['a script', 'javascript:alert(1)'],
    ['a file', 'file:///etc/passwd'],
    ['a blank', 'https://example.com/a b'],
    ['the end of a tag', 'https://example.com/">x'],
    ['the end of a link in a chat', 'https://example.com/|x>'],
    ['a letter that looks like another', 'https://ex\u0430mple.com/'],
  ])('have no link to what is %s', (_name, runbookUrl) => {
    expect(wordsOf(aNotification({ runbookUrl, dashboardUrl: '' })).links).toEqual([])
  })
})

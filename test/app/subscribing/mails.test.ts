import { expect, it } from 'vitest'
import { linkMail, newsMail } from '../../../src/app/subscribing/mails.ts'
import type { News } from '../../../src/app/subscribing/news.ts'
import { aPage } from '../../support/public-page.ts'

const places = { page: 'https://status.example/', link: 'https://status.example/subscription?t=abc' }
const post: News = {
  kind: 'post',
  post: 'a b',
  about: 'incident',
  title: 'Cards\r\nBcc: eve@example.org <b>',
  from: new Date('2026-11-21T08:00:00Z'),
  targets: ['shop <1>'],
  text: '![x](https://evil.example/pixel.png) <img src=x onerror=alert(1)> [here](javascript:alert(1))',
}

it('a mail shows what people have written as text, and loads nothing', () => {
  const { subject, html, text } = newsMail(aPage({ title: 'Shop & Co' }), [post], places)
  expect(subject).toBe('Shop & Co: Incident: Cards Bcc: eve@example.org <b>')
  expect(html).toContain('href="https://status.example/#post-a%20b"')
  expect(html).not.toMatch(/<img|javascript:|evil\.example/)
  expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;')
  expect(text).toContain('Affects: shop <1>')
  expect(text).toMatch(
    /-- \nYou get this mail because .*\nUnsubscribe: https:\/\/status\.example\/subscription\?t=abc\n$/,
  )
})

it('a mail about much names the first of it', () => {
  const down: News = { kind: 'down', target: 'shop', from: new Date('2026-11-21T08:00:00Z') }
  const up: News = { ...down, kind: 'up', to: new Date('2026-11-21T08:10:00Z') }
  const { subject, text } = newsMail(aPage({ title: 'x'.repeat(300) }), [down, up], places)
  expect(subject).toHaveLength(200)
  expect(text).toContain('shop works again\n\nNov 21, 2026, 08:00 UTC – Nov 21, 2026, 08:10 UTC')
})

it('mails are in the language of the page', () => {
  const page = aPage({ title: 'متجر المثال', language: 'ar' })
  expect(linkMail(page, places)).toMatchObject({
    subject: 'تأكيد الاشتراك في متجر المثال',
    html: expect.stringContaining('<html lang="ar" dir="rtl">'),
    text: expect.stringContaining(places.link),
    headers: {},
  })
  const down: News = { kind: 'down', target: 'shop', from: new Date('2026-11-21T08:00:00Z') }
  expect(newsMail(page, [down], places).text).toContain('تعطّلت shop')
})

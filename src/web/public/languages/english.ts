import { englishDays } from '../../pages/parts/days/day-words.ts'
import { headlineOf } from '../../pages/parts/headline.ts'
import { targetStates } from '../../status/status.ts'
import { wordOf } from '../../pages/parts/states.ts'
import type { Language } from './language.ts'

const words = targetStates.map((state) => [state, wordOf(state)] as const)

export const english: Language = {
  code: 'en',
  locale: 'en',
  direction: 'ltr',
  status: 'Status',
  skip: 'Skip to the content',
  stale: 'The server does not answer: this page may be out of date.',
  theme: { label: 'Colours: ', system: 'system', light: 'light', dark: 'dark' },
  states: Object.fromEntries(words) as Language['states'],
  headline: headlineOf,
  days: englishDays,
  posts: {
    kinds: { incident: 'Incident', maintenance: 'Maintenance', announcement: 'Announcement' },
    scheduled: 'Scheduled',
    past: 'Past',
    affects: 'Affects:',
    outages: 'Outages of the last 30 days',
    ongoing: 'ongoing',
    wasDown: (target) => `${target} was down`,
    feeds: 'Subscribe:',
  },
  subscribe: {
    heading: 'Subscribe by e-mail',
    address: 'E-mail address',
    button: 'Subscribe',
    note: 'You get a mail with a link. Only after you have confirmed there do you get the news of this page. Every mail has a link that ends it.',
    asked: 'Look at your mails',
    askedNote:
      'If this address does not get the news of this page already, a mail with a link is on its way to it. The link works for 24 hours. If no mail arrives, look into the folder for spam, or try again after ten minutes.',
    invalid: 'This is not a valid e-mail address: write one such as anna@example.org, without a name.',
    tooMany: 'Too many addresses were entered from your network. Try again in an hour.',
    unavailable: 'Nobody can subscribe at the moment. Try again later.',
    confirmHeading: 'Do you want to get the news of this page by e-mail?',
    confirmButton: 'Yes, subscribe',
    confirmed: 'You have subscribed.',
    leaveHeading: 'Do you want to get no more mails about this page?',
    leaveButton: 'Yes, unsubscribe',
    left: 'You have unsubscribed. Your address was deleted.',
    linkInvalid: 'This link is not valid',
    linkHelp: 'It may have expired, or have been cut. Enter your address on the page again.',
    back: 'To the page',
    linkSubject: (title) => `Confirm your subscription to ${title}`,
    linkText: (title) =>
      `Somebody, probably you, wants to get the news of "${title}" at this address. To confirm that, open this link and press the button within 24 hours:`,
    linkIgnore: 'If you did not ask for it, do nothing: your address is deleted after 24 hours.',
    why: (title) => `You get this mail because you have subscribed to "${title}".`,
    leave: 'Unsubscribe:',
    more: (count) => `and ${count} more`,
    down: (target) => `${target} is down`,
    up: (target) => `${target} works again`,
  },
}

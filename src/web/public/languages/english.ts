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
}

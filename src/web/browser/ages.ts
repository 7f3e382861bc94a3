import { agoText, spanText } from '../shared/as-text.ts'

/** Keeps the ages that are shown true between two refreshes. */
export function keepAges(): void {
  setInterval(showAges, 1000)
}

function showAges(): void {
  if (document.hidden) return
  for (const time of document.querySelectorAll<HTMLTimeElement>('time[data-age]')) {
    const seconds = (Date.now() - Date.parse(time.dateTime)) / 1000
    const text = time.dataset.age === 'span' ? spanText(seconds) : agoText(seconds)
    if (time.textContent !== text) time.textContent = text
  }
}

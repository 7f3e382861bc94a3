/** Shows every moment of a public page in its language and in the zone of the reader. */
export function showIntlTimes(): void {
  const { lang, dataset } = document.documentElement
  const format = new Intl.DateTimeFormat(dataset['locale'] ?? lang, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  })
  for (const time of document.querySelectorAll('time'))
    time.textContent = format.format(new Date(time.dateTime))
}

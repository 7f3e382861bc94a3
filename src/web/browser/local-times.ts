import { asLocal, clockText, momentText, offsetText } from '../shared/as-text.ts'

/** Shows every moment in the zone of the reader, which the server does not know. Days of the history stay those of UTC. */
export function showLocalTimes(): void {
  const now = new Date()
  for (const time of document.querySelectorAll<HTMLTimeElement>('time[data-moment]')) {
    const at = new Date(time.dateTime)
    const local = asLocal(at)
    time.textContent = time.dataset.moment === 'clock' ? clockText(local) : momentText(local, asLocal(now))
  }
  for (const time of document.querySelectorAll<HTMLTimeElement>('time')) {
    const at = new Date(time.dateTime)
    time.title = `${momentText(asLocal(at), asLocal(now))} ${offsetText(at)}, ${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`
  }
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  for (const note of document.querySelectorAll('[data-zone]'))
    note.textContent =
      zone === 'UTC' ? 'Times are UTC.' : `Times are those of ${zone} (${offsetText(now)}), days are UTC.`
}

import { morph } from './morph.ts'

/** Milliseconds. */
const everyMs = 30_000

/**
 * Keeps what is in `[data-live]` up to date while somebody looks: the page is asked for again, and what differs is
 * changed. A page in the background rests, and catches up when it is seen again.
 *
 * @param onChange Called after each change.
 */
export function keepFresh(onChange: () => void): void {
  const live = document.querySelector('[data-live]')
  if (!live) return
  let due = Date.now() + everyMs
  let busy = false

  async function refresh(target: Element): Promise<void> {
    busy = true
    try {
      const response = await fetch(location.href, { headers: { accept: 'text/html' } })
      // A target that is gone is news like any other.
      if (!response.ok && response.status !== 404) throw new Error(`HTTP ${response.status}`)
      const page = new DOMParser().parseFromString(await response.text(), 'text/html')
      if (scriptOf(page) !== scriptOf(document)) {
        location.reload()
        return
      }
      const fresh = page.querySelector('[data-live]')
      if (fresh) morph(target, fresh)
      document.title = page.title
      document.documentElement.removeAttribute('data-stale')
      onChange()
    } catch {
      // Old numbers must not pass for new ones.
      document.documentElement.setAttribute('data-stale', '')
    } finally {
      busy = false
      due = Date.now() + everyMs
    }
  }

  setInterval(() => {
    if (!document.hidden && !busy && Date.now() >= due) void refresh(live)
  }, 1000)
}

/** Names the version of the page: another one needs its own scripts and sheet. */
function scriptOf(page: Document): string | null | undefined {
  return page.querySelector('script[type=module]')?.getAttribute('src')
}

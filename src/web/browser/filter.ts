import { matches, type Filter } from '../shared/match.ts'

/** Filters the list as somebody types. The address follows, so that a filtered list can be passed on. */
export interface LiveFilter {
  /** Filters again: after the list has changed. */
  readonly apply: () => void
}

export function liveFilter(): LiveFilter | undefined {
  const form = document.querySelector<HTMLFormElement>('form[data-filter]')
  if (!form) return undefined
  const listed = form
  for (const button of form.querySelectorAll<HTMLElement>('[data-without-script]')) button.hidden = true

  function changed(): void {
    const query = new URLSearchParams()
    for (const [name, value] of new FormData(listed))
      if (typeof value === 'string' && value !== '') query.set(name, value)
    history.replaceState(null, '', query.size === 0 ? location.pathname : `?${query.toString()}`)
    apply(read(listed))
  }

  form.addEventListener('input', changed)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    changed()
  })
  document.addEventListener('click', (event) => {
    const link =
      event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[data-set-state]') : null
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    set(listed, 'state', link.dataset.setState ?? '')
    changed()
  })
  document.addEventListener('keydown', (event) => {
    const search = listed.querySelector<HTMLInputElement>('input[type=search]')
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || !search || isTyping()) return
    event.preventDefault()
    search.focus()
    search.select()
  })
  return {
    apply: () => {
      apply(read(listed))
    },
  }
}

function isTyping(): boolean {
  const { activeElement: element } = document
  return element instanceof HTMLInputElement || element instanceof HTMLSelectElement
}

function set(form: HTMLFormElement, name: string, value: string): void {
  const field = form.elements.namedItem(name)
  if (field instanceof HTMLSelectElement || field instanceof HTMLInputElement) field.value = value
}

function read(form: HTMLFormElement): Filter {
  const data = new FormData(form)
  const of = (name: string): string => {
    const value = data.get(name)
    return typeof value === 'string' ? value : ''
  }
  return { text: of('q'), state: of('state'), label: of('label') }
}

/** What is searched must be seen; what somebody has opened stays open. */
function unfold(group: HTMLElement, filter: Filter): void {
  const fold = group.querySelector<HTMLDetailsElement>('details[data-fold]')
  if (!fold) return
  const searched = Object.values(filter).some((value) => value !== '')
  if (searched && !fold.open) {
    fold.open = true
    fold.dataset.fold = 'opened'
  } else if (!searched && fold.dataset.fold === 'opened') {
    fold.open = false
    fold.dataset.fold = ''
  }
}

function apply(filter: Filter): void {
  let shown = 0
  for (const group of document.querySelectorAll<HTMLElement>('[data-group]')) {
    let inGroup = 0
    for (const row of group.querySelectorAll<HTMLElement>('[data-text]')) {
      const { text = '', state = '', labels = '[]' } = row.dataset
      row.hidden = !matches(filter, { text, state, labels: JSON.parse(labels) as string[] })
      if (!row.hidden) inGroup++
    }
    group.hidden = inGroup === 0
    unfold(group, filter)
    shown += inGroup
  }
  for (const none of document.querySelectorAll<HTMLElement>('[data-none-found]')) none.hidden = shown > 0
  for (const link of document.querySelectorAll<HTMLElement>('a[data-set-state]')) {
    if (link.dataset.setState === filter.state) link.setAttribute('aria-current', 'true')
    else link.removeAttribute('aria-current')
  }
}

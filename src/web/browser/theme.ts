const themes = ['system', 'light', 'dark'] as const
type Theme = (typeof themes)[number]

/** Seconds: a year. */
const maxAge = 31_536_000

/** The button that changes between the system's colours, light and dark. The server reads the cookie: no page flashes. */
export function themeButton(onChange: () => void): void {
  const button = document.querySelector<HTMLButtonElement>('button[data-theme-button]')
  if (!button) return
  let theme: Theme = themes.find((name) => name === document.documentElement.dataset.theme) ?? 'system'

  function show(target: HTMLButtonElement): void {
    const what = document.createElement('span')
    // A page in another language brings its words.
    const label = target.dataset['label'] ?? 'Colours: '
    const name = target.dataset[theme] ?? theme
    what.textContent = label
    target.replaceChildren(what, name)
    target.setAttribute('aria-label', `${label}${name}`)
    target.hidden = false
  }

  show(button)
  button.addEventListener('click', () => {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system'
    document.documentElement.dataset.theme = theme
    document.cookie = `probity-theme=${theme}; path=/; max-age=${maxAge}; samesite=lax`
    show(button)
    onChange()
  })
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', onChange)
}

/** Names that notify.yml or alertmanager.yml have already. */
const reserved = ['log', 'notifier', 'watchdog', 'nobody']

/** Makes names of channels: letters, digits, - and _ only, and each of them once. */
export class ChannelNames {
  readonly #taken = new Set(reserved)

  unique(wanted: string): string {
    const plain = wanted
      .replace(/[^A-Za-z0-9_-]+/g, '-')
      .replace(/^[-_]+|-+$/g, '')
      .slice(0, 50)
    const base = plain === '' || reserved.includes(plain) ? `alert-${plain}`.replace(/-$/, '') : plain
    let name = base
    for (let number = 2; this.#taken.has(name); number++) name = `${base}-${number}`
    this.#taken.add(name)
    return name
  }
}

/** How a service writes text that has a form. */
export interface Markup {
  /** Any text, with the meaning taken out of it: it is read as it is, calls nobody, and leads nowhere. */
  readonly text: (plain: string) => string
  /** @param text With the meaning taken out of it. */
  readonly bold: (text: string) => string
  /** @param name With the meaning taken out of it. */
  readonly link: (name: string, url: string) => string
  /** Several lines that are read as they are. */
  readonly code: (plain: string) => string
  /** What ends a line. Default: a line feed. */
  readonly lineEnd?: string
}

/** Between a character that would mean something and what follows it: it is not seen. */
const apart = '\u200b'

/** Text without a form. Its only meaning may be a mention. */
export const plainMarkup: Markup = {
  text: (plain) => plain,
  bold: (text) => text,
  link: (name, url) => `${name}: ${url}`,
  // Indented, so that no output can pass for a line of ours.
  code: (plain) => `Last output:\n${plain.replace(/^/gm, '    ')}`,
}

/** Keeps `@name`, `<!channel>` and `<@U1>` from calling somebody, and links from being made by others than us. */
export function withoutCalls(text: string): string {
  return text.replace(/[@<]/g, `$&${apart}`).replaceAll('](', `]${apart}(`)
}

/** Three backticks would end the block that a text stands in. */
export function inert(text: string): string {
  return text.replaceAll('```', `\`${apart}\`${apart}\``)
}

/** Markdown as CommonMark has it: any of its marks after a backslash stands for itself. */
export const markdown: Markup = {
  text: (plain) => withoutCalls(plain.replace(/[\\`*_{}[\]()#+.!|>~-]/g, '\\$&')),
  bold: (text) => `**${text}**`,
  // What an address may hold was looked at before; a bracket would end the link.
  link: (name, url) => `[${name}](${url.replaceAll('(', '%28').replaceAll(')', '%29')})`,
  code: (plain) => `\`\`\`\n${inert(plain)}\n\`\`\``,
}

/** HTML as chats have it. */
export const htmlMarkup: Markup = {
  text: escapeHtml,
  bold: (text) => `<b>${text}</b>`,
  link: (name, url) => `<a href="${escapeHtml(url)}">${name}</a>`,
  code: (plain) => `<pre>${escapeHtml(plain)}</pre>`,
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character)
}

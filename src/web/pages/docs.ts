import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Marked, Renderer, type Tokens } from 'marked'
import { html, type Html } from '../../lib/text/html.ts'

/** The same from src/ and from dist/, which are equally deep. */
const folder = join(import.meta.dirname, '../../../docs')

/** A page of the documentation, for people who follow a link of a message. */
export interface DocsPage {
  readonly title: string
  readonly body: Html
}

/** Reads and renders `docs/NAME.md` of this version; undefined if there is no such page. */
export function docsPage(name: string): DocsPage | undefined {
  if (!/^[a-z][a-z-]*$/.test(name)) return undefined
  let text
  try {
    text = readFileSync(join(folder, `${name}.md`), 'utf8')
  } catch {
    return undefined
  }
  const title = /^# (.*)$/m.exec(text)?.[1] ?? name
  const markup = new Marked().parse(text, { renderer: new PageRenderer(), async: false })
  return { title, body: html`<article class="document">${{ markup }}</article>` }
}

/** Links to the sections as they are named on GitHub, so that the same addresses work here and there. */
class PageRenderer extends Renderer {
  override heading({ tokens, depth, text }: Tokens.Heading): string {
    return `<h${depth} id="${anchorOf(text)}">${this.parser.parseInline(tokens)}</h${depth}>\n`
  }

  override link({ href, tokens }: Tokens.Link): string {
    const words: Html = { markup: this.parser.parseInline(tokens) }
    const target = /^https?:|^#/.test(href) ? href : /^([\w-]+)\.md(#.*)?$/.exec(href)?.slice(1).join('')
    // What is not a page here, such as a file of the configuration.
    return target === undefined ? words.markup : html`<a href="${target}">${words}</a>`.markup
  }

  // Pictures are not shipped.
  override image({ text }: Tokens.Image): string {
    return html`${text}`.markup
  }
}

function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-')
}

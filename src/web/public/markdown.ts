import { Marked, Renderer, type Tokens } from 'marked'
import { html, type Html } from '../../lib/text/html.ts'
import { plainText } from '../../lib/text/text.ts'

/**
 * Renders the Markdown of a post. HTML in it is shown as text, links lead only to web pages and mail addresses, and pictures
 * become their description: a page loads nothing from another host.
 *
 * @param level Of the heading above it.
 */
export function renderMarkdown(text: string, level: number): Html {
  return { markup: new Marked().parse(plainText(text), { renderer: new PostRenderer(level), async: false }) }
}

class PostRenderer extends Renderer {
  readonly #above: number

  constructor(level: number) {
    super()
    this.#above = level
  }

  override html({ text }: Tokens.HTML | Tokens.Tag): string {
    return html`${text}`.markup
  }

  override heading({ tokens, depth }: Tokens.Heading): string {
    const level = Math.min(6, depth + this.#above)
    return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>\n`
  }

  override link({ href, tokens }: Tokens.Link): string {
    const words = this.parser.parseInline(tokens)
    return /^(https?:\/\/|mailto:)/i.test(href)
      ? html`<a href="${href}" rel="noopener nofollow">${{ markup: words }}</a>`.markup
      : words
  }

  override image({ text }: Tokens.Image): string {
    return html`${text}`.markup
  }

  override code({ text }: Tokens.Code): string {
    return html`<pre><code>${text}</code></pre>
`.markup
  }

  override checkbox({ checked }: Tokens.Checkbox): string {
    return checked ? '☑ ' : '☐ '
  }
}

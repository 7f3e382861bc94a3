import { expect, it } from 'vitest'
import { html } from '../../../src/lib/text/html.ts'

it('inserts text as text, and shows what would turn its direction', () => {
  expect(html`<b>${`<i> "x" & 'y'`}</b>`.markup).toBe('<b>&lt;i&gt; &quot;x&quot; &amp; &#39;y&#39;</b>')
  expect(html`<b>${'a\u202eb\u2066'}</b>`.markup).toBe('<b>a\\u202eb\\u2066</b>')
})

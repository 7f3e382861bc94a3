import { html, type Html } from '../../../lib/text/html.ts'
import type { SubscribeWords } from '../languages/language.ts'
import type { Asked, LinkPurpose } from './subscribing.ts'

/** The form with which visitors subscribe. The scripts leave it alone, so that nothing that somebody types is lost. */
export function subscribeForm(words: SubscribeWords): Html {
  const { heading, address, button, note } = words
  return html`<section class="group subscribe" data-kept><h2>${heading}</h2>
<form class="box" method="post" action="subscribe">
<label for="address">${address}</label>
<div class="fields"><input id="address" name="address" type="email" dir="ltr" required maxlength="254" autocomplete="email" aria-describedby="address-note"><button type="submit">${button}</button></div>
<p id="address-note" class="small quiet">${note}</p>
</form></section>`
}

/** What is said to who has entered an address. */
export function askedBody(asked: Asked, words: SubscribeWords): Html {
  if (asked === 'asked') return said(words.asked, words.askedNote, words)
  const why = { invalid: words.invalid, 'too many': words.tooMany, unavailable: words.unavailable }[asked]
  return html`<div class="headline"><h1>${words.heading}</h1></div>
<p class="note bad" role="alert">${why}</p>
<p><a href="./">${words.back}</a></p>`
}

/** Asks whether to do what a link is for: who only looks at it, such as a scanner of mails, changes nothing. */
export function questionBody(purpose: LinkPurpose, token: string, words: SubscribeWords): Html {
  const [heading, button] =
    purpose === 'confirm'
      ? [words.confirmHeading, words.confirmButton]
      : [words.leaveHeading, words.leaveButton]
  return html`<div class="headline"><h1>${heading}</h1></div>
<form class="box subscribe" method="post" action="subscription?t=${encodeURIComponent(token)}"><button type="submit">${button}</button></form>`
}

/** What a link has done. */
export function doneBody(purpose: LinkPurpose | undefined, words: SubscribeWords): Html {
  if (purpose === undefined) return said(words.linkInvalid, words.linkHelp, words)
  return said(purpose === 'confirm' ? words.confirmed : words.left, undefined, words)
}

function said(heading: string, note: string | undefined, { back }: SubscribeWords): Html {
  return html`<div class="headline"><h1>${heading}</h1></div>
${note === undefined ? '' : html`<p>${note}</p>`}
<p><a href="./">${back}</a></p>`
}

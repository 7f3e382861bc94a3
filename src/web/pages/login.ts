import type { Request, Response } from 'express'
import { html, type Html } from '../../lib/text/html.ts'
import type { Assets } from './assets.ts'
import { sendPage, themeOf } from './frame.ts'

/** What the page shows. */
export interface LoginPageOptions {
  /** From the page to the root of the site: empty or `../`. */
  readonly root: string
  /** Where somebody wants to go. */
  readonly next: string
  readonly takesPasswords: boolean
  readonly hasProvider: boolean
  /** What went wrong. */
  readonly message?: string
}

/** Makes what sends the page, with the status that the answer has. */
export function createSendLogin(assets: () => Assets) {
  return (request: Request, response: Response, options: LoginPageOptions): void => {
    const { root } = options
    const context = { assets: assets(), root, theme: themeOf(request), telemetryPath: '/metrics' }
    sendPage(response, context, { title: 'Log in · Probity', navigation: false, body: loginPage(options) })
  }
}

/** Where people say who they are. */
function loginPage({ root, next, takesPasswords, hasProvider, message }: LoginPageOptions): Html {
  return html`<div class="headline"><h1>Log in</h1></div>
${message === undefined ? '' : html`<p class="note bad" role="alert">${message}</p>`}
${takesPasswords ? passwordForm(root, next) : ''}
${hasProvider ? html`<p><a class="login-provider" href="${root}login/oidc?next=${encodeURIComponent(next)}">Log in with your organisation's account</a></p>` : ''}`
}

function passwordForm(root: string, next: string): Html {
  return html`<form class="box login" method="post" action="${root}login">
<input type="hidden" name="next" value="${next}">
<label for="user">User</label>
<input id="user" name="user" autocomplete="username" autocapitalize="none" required maxlength="200">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="200">
<button type="submit">Log in</button>
</form>`
}

import { Router } from 'express'
import { html, type Html } from '../../lib/text/html.ts'
import { ago } from './parts/times.ts'

/** What a browser showed when a check failed. */
export interface Picture {
  readonly at: Date
  /** A JPEG. */
  readonly bytes: Uint8Array
}

/** The newest picture of a target, by its name; undefined where there is none. */
export type PictureOf = (name: string) => Promise<Picture | undefined>

/** `GET /targets/NAME/picture.jpg` */
export function pictureRoute(pictureOf: PictureOf): Router {
  return Router({ strict: true }).get('/targets/:name/picture.jpg', async (request, response, next) => {
    const picture = await pictureOf(request.params.name)
    if (!picture) {
      next()
      return
    }
    // The next failure has another one at the same address.
    response.set({ 'Content-Type': 'image/jpeg', 'Cache-Control': 'no-store' })
    response.send(Buffer.from(picture.bytes))
  })
}

/** The picture on the page of a target. */
export function pictureBox(name: string, at: Date, now: Date): Html {
  const address = `${encodeURIComponent(name)}/picture.jpg`
  return html`<details class="note"><summary>What the browser showed when a check failed, ${ago(at, now)}</summary><a href="${address}"><img src="${address}" loading="lazy" width="1280" height="800" alt="The page of the failed check"></a></details>`
}

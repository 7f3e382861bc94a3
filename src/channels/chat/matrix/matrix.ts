import { createHash } from 'node:crypto'
import { z } from 'zod'
import { link } from '../../../settings/values/scalars.ts'
import { keys } from '../../../settings/values/value.ts'
import type { Notification } from '../../channel.ts'
import { fitting, jsonAtMost, written, type Parts } from '../../shared/fitting.ts'
import { below, type HttpKind } from '../../shared/http-kind.ts'
import { lookOf } from '../../shared/look.ts'
import { htmlMarkup, plainMarkup } from '../../shared/markup.ts'
import { matching, secret } from '../../shared/settings.ts'

export const matrixSettings = keys({
  type: z.literal('matrix').describe('The kind of channel.'),
  homeserver_url: link.describe('The address of the homeserver, such as `https://matrix.example.org`.'),
  access_token: secret.describe('The access token of a user who is in the room. Never shown.'),
  room_id: matching('room: expected its ID, such as "!abc:example.org"', /^![^\s/]{1,254}$/).describe(
    'The ID of the room, which begins with `!`. The room must not be encrypted.',
  ),
})

export type MatrixSettings = z.infer<typeof matrixSettings>

const markup = { ...htmlMarkup, lineEnd: '<br>' }

/** More would not fit into an event, which also has fields that the homeserver adds. */
const maxBytes = 60_000

/**
 * Sends an event to a room of Matrix. `m.mentions` is empty, so that `@room` in a text calls nobody. The number of the
 * transaction is the same when a message is sent again, so that it appears once.
 *
 * Source: https://spec.matrix.org/latest/client-server-api/#put_matrixclientv3roomsroomidsendeventtypetxnid,
 * #size-limits (65,536 bytes), #user-and-room-mentions and #rate-limiting (429 with `retry_after_ms`)
 */
export const matrix: HttpKind<MatrixSettings> = {
  peer: 'Matrix',
  secrets: ({ access_token: token }) => [token],
  message(notification, { homeserver_url: url, access_token: token, room_id: room }) {
    const body = matrixEvent(notification)
    const transaction = createHash('sha256').update(JSON.stringify(body)).digest('hex').slice(0, 32)
    const path = `_matrix/client/v3/rooms/${encodeURIComponent(room)}/send/m.room.message/probity-${transaction}`
    return { url: below(url, path), method: 'PUT', headers: { authorization: `Bearer ${token}` }, body }
  },
}

function matrixEvent(notification: Notification): object {
  const { emoji } = lookOf(notification)
  const event = (parts: Parts): object => ({
    msgtype: 'm.text',
    body: `${emoji} ${written(parts, plainMarkup)}`,
    format: 'org.matrix.custom.html',
    formatted_body: `${emoji} ${written(parts, markup)}`,
    'm.mentions': {},
  })
  return fitting(notification, event, jsonAtMost(maxBytes))
}

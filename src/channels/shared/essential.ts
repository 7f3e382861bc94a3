import { cut } from '../../lib/text/text.ts'
import { DeliveryError, type Notification } from '../channel.ts'

const maxSummary = 300

/** Only what a reader needs: its title, target and times, without the output, the description and further labels. */
function essentialOf(notification: Notification): Notification {
  const { alertname, target, severity, summary, others } = notification
  return {
    ...notification,
    lastOutput: '',
    target: cut(target, maxSummary),
    summary: cut(summary, maxSummary),
    description: '',
    labels: { alertname, target: cut(target, maxSummary), severity },
    ...(others && { others: others.map(essentialOf) }),
  }
}

/**
 * Sends a notification, and where it may be too long for the receiver (400 or 413) once more in short. What such an answer means
 * nobody can tell: limits differ, and few receivers say which one was exceeded.
 *
 * @throws DeliveryError of the first attempt, unless the second may succeed later.
 */
export async function sendFitting(
  notification: Notification,
  send: (notification: Notification) => Promise<void>,
): Promise<void> {
  try {
    await send(notification)
  } catch (error) {
    if (!(error instanceof DeliveryError && error.maybeTooLong)) throw error
    try {
      await send(essentialOf(notification))
    } catch (second) {
      throw second instanceof DeliveryError && !second.retry ? error : second
    }
  }
}

import type { Delivery } from '../delivery/delivery.ts'

/** Who decides whether a notification is sent from here, where two processes notify the same people. */
export interface DeliveryGate {
  /**
   * What is to become of a delivery that waits: it may be sent; it is held back until the queue is woken; or it counts as sent,
   * because it was sent from elsewhere.
   *
   * @param end The newest in its line, where that is the end of the alert and another delivery than this one.
   */
  readonly verdict: (delivery: Delivery, end?: Delivery) => 'send' | 'hold' | 'settle'
  /** What messages say now in addition; undefined where there is nothing to say. */
  readonly remark: () => string | undefined
  /** It has arrived. What it writes is part of the next flush of the state. */
  readonly arrived: (delivery: Delivery) => void
}

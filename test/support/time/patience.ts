/** Seconds: the deadline of a probe that is to end by itself before it. No machine is so busy that it does not. */
export const ampleSeconds = 30

/** Seconds by which a busy machine may be late. What waits forever instead is later than that. */
export const slackSeconds = 10

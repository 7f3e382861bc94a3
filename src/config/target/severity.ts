/** How bad an alert of a target is. */
export const severities = ['critical', 'warning', 'info'] as const
export type Severity = (typeof severities)[number]

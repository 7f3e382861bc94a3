/** Label matchers: the target whose calls are shown. */
export const theCalls = 'target="$target"'

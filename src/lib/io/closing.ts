/** What a process has opened, to be closed again. */
export interface Closing {
  /** To be done when everything is closed, before what was opened earlier. */
  readonly push: (step: () => Promise<void>) => void
  /**
   * Closes what was opened last first. Whatever is closed already stays so: it may be called again.
   *
   * @throws What the first step threw that failed; the others were still done.
   */
  readonly close: () => Promise<void>
}

/** Starts with nothing open. */
export function createClosing(): Closing {
  const steps: (() => Promise<void>)[] = []
  return {
    push: (step) => void steps.push(step),
    async close() {
      const errors: unknown[] = []
      for (const step of steps.splice(0).reverse()) await step().catch((error: unknown) => errors.push(error))
      if (errors.length > 0) throw errors[0]
    },
  }
}

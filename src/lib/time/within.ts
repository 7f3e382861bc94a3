/**
 * Waits for work, but not for longer than so many milliseconds. The work itself goes on.
 *
 * @param late Says what comes of it when the time is over: a value, or an error that it throws.
 */
export async function within<T, L>(work: Promise<T>, milliseconds: number, late: () => L): Promise<T | L> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds)
  })
  try {
    return await Promise.race([work, over.then(late)])
  } finally {
    clearTimeout(timer)
  }
}

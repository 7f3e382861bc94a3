/** A function or a class. */
export type Callable = ((...args: never[]) => unknown) | (abstract new (...args: never[]) => unknown)

/** A method that runs on what `selfOf` makes of its `this`, and is the same in everything else. */
export function onSelf<M extends Callable>(method: M, selfOf: (self: unknown) => unknown): M {
  return new Proxy(method, {
    apply: (target, self, args) => Reflect.apply(target as () => unknown, selfOf(self), args) as unknown,
  })
}

const inherent = [Object.prototype, Function.prototype] as unknown as Record<PropertyKey, unknown>[]

/** Whether it is a method that every object or every function has. */
export function isInherent(key: PropertyKey, method: Callable): boolean {
  return inherent.some((prototype) => prototype[key] === method)
}

/**
 * Whether it is a class, or a function that looks like one: compilers make functions of classes, and of static methods
 * too. A class is compared by its identity (`error.constructor === Sdk.NotFound`), so that nothing may stand for it.
 */
export function isClass(method: Callable): boolean {
  const own = Object.getOwnPropertyDescriptor(method, 'prototype')
  if (own === undefined) return false
  const prototype: unknown = own.value
  if (own.writable === false || typeof prototype !== 'object' || prototype === null) return true
  return Reflect.ownKeys(prototype).length > 1 || Object.getPrototypeOf(prototype) !== Object.prototype
}

/** The language forbids a proxy to show anything else for such a property, as those of a frozen object are. */
export function isReadOnly(target: object, key: PropertyKey): boolean {
  const own = Object.getOwnPropertyDescriptor(target, key)
  return own?.configurable === false && own.writable === false
}

/** Makes the wrapper of each method once, so that the same method is always handed out as the same wrapper. */
export function keptWrappers(
  wrap: (key: PropertyKey, method: Callable) => Callable,
): (key: PropertyKey, method: Callable) => Callable {
  const wrappers = new Map<PropertyKey, { method: Callable; wrapper: Callable }>()
  return (key, method) => {
    const known = wrappers.get(key)
    if (known?.method === method) return known.wrapper
    const wrapper = wrap(key, method)
    wrappers.set(key, { method, wrapper })
    return wrapper
  }
}

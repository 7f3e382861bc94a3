import { wrapFunction, type Callable, type WrapOptions } from './wrap.ts'

/**
 * An object like `object` whose methods report their calls. The object itself stays as it is, and its methods run on
 * it: its private fields are there, and what they call on `this` is not reported a second time. Properties are read
 * and written through. Methods with a symbol for a name, and those that every object has, are not reported.
 *
 * @param optionsOf What a method reports with, by the method's name.
 */
export function wrapObject<T extends object>(object: T, optionsOf: (method: string) => WrapOptions): T {
  const wrappers = new Map<string | symbol, { method: Callable; wrapper: Callable }>()
  const selfOf = (self: unknown): unknown => (self === proxy ? object : self)

  const wrapperOf = (key: string | symbol, method: Callable): Callable => {
    const known = wrappers.get(key)
    if (known?.method === method) return known.wrapper
    const wrapper =
      typeof key === 'symbol' || isInherent(key, method)
        ? onSelf(method, selfOf)
        : wrapFunction(method, optionsOf(key), selfOf)
    wrappers.set(key, { method, wrapper })
    return wrapper
  }

  const proxy: T = new Proxy(object, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target)
      if (typeof value !== 'function' || key === 'constructor' || isReadOnly(target, key)) return value
      return wrapperOf(key, value as Callable)
    },
    set: (target, key, value) => Reflect.set(target, key, value, target),
  })
  return proxy
}

function onSelf(method: Callable, selfOf: (self: unknown) => unknown): Callable {
  return new Proxy(method, {
    apply: (target, self, args) => Reflect.apply(target as () => unknown, selfOf(self), args) as unknown,
  })
}

const inherent = [Object.prototype, Function.prototype] as unknown as Record<string, unknown>[]

function isInherent(key: string, method: Callable): boolean {
  return inherent.some((prototype) => prototype[key] === method)
}

/** The language forbids a proxy to show anything else for such a property, as those of a frozen object are. */
function isReadOnly(target: object, key: string | symbol): boolean {
  const own = Object.getOwnPropertyDescriptor(target, key)
  return own?.configurable === false && own.writable === false
}

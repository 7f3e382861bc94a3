import { EventEmitter } from 'node:events'
import { isInherent, isReadOnly, keptWrappers, onSelf, type Callable } from './self.ts'
import { wrapFunction, type WrapOptions } from './wrap.ts'

/**
 * An object like `object` whose methods report their calls. The object itself stays as it is, and its methods run on
 * it: its private fields are there, and what they call on `this` is not reported a second time. Properties are read
 * and written through. A function with methods reports its own calls too.
 *
 * Methods that are not calls are not reported: those with a symbol for a name, those that every object has, those of an
 * EventEmitter (`on`), and those that return the object itself or another one of its class (`child`).
 *
 * @param optionsOf What a method reports with, by the method's name; of the object's own calls without one.
 */
export function wrapObject<T extends object>(object: T, optionsOf: (method?: string) => WrapOptions): T {
  const selfOf = (self: unknown): unknown => (self === proxy ? object : self)
  const isCall = (result: unknown): boolean => result !== object && !isSibling(object, result)

  const wrapperOf = keptWrappers((key, method) => {
    // `call` and `apply` of a function are calls too.
    if (typeof object === 'function' && isInherent(key, method)) return method
    return typeof key !== 'string' || isInherent(key, method) || isOfEmitter(object, key)
      ? onSelf(method, selfOf)
      : wrapFunction(method, { ...optionsOf(key), isCall }, selfOf)
  })

  const shown = typeof object === 'function' ? (wrapFunction(object as Callable, optionsOf()) as T) : object
  const proxy: T = new Proxy(shown, {
    get(_, key, receiver) {
      const value: unknown = Reflect.get(object, key, selfOf(receiver))
      if (typeof value !== 'function' || key === 'constructor' || isReadOnly(object, key)) return value
      return wrapperOf(key, value as Callable)
    },
    // An object that inherits from this one keeps what is set on it.
    set: (_, key, value, receiver) => Reflect.set(object, key, value, selfOf(receiver)),
  })
  return proxy
}

/** Whether it is another object of the same class, as a client that is made from a client is. */
function isSibling(object: object, result: unknown): boolean {
  if (typeof result !== 'object' || result === null || typeof object !== 'object') return false
  const prototype: unknown = Object.getPrototypeOf(object)
  return prototype !== null && prototype !== Object.prototype && Object.getPrototypeOf(result) === prototype
}

const emitterMethods = new Set(Object.keys(EventEmitter.prototype).filter((key) => !key.startsWith('_')))

/** By name, because many SDKs have their own EventEmitter. */
function isOfEmitter(object: object, key: string): boolean {
  return emitterMethods.has(key) && 'on' in object && 'emit' in object
}

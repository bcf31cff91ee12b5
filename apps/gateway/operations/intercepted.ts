/** The same object, but `around` decides how each call of a method is made, by its name. */
export function intercepted<T extends object>(
  target: T,
  around: (method: string, call: () => unknown) => unknown,
): T {
  return new Proxy(target, {
    get(object, name) {
      const member: unknown = Reflect.get(object, name);
      if (typeof member !== "function") return member;
      // Called on the object itself, whose private fields a proxy does not have.
      return (...args: readonly unknown[]) => around(String(name), () => Reflect.apply(member, object, args));
    },
  });
}

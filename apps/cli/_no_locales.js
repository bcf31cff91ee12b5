// Zod exports its messages in sixty languages, a file each. Nobody asks for them, and loading them took a tenth of the time
// in which a command starts. Where Zod lies otherwise than now, this finds nothing, and a test says so.

const EMPTY = { url: "data:text/javascript,export{}", format: "module", shortCircuit: true };

function isLocales(specifier, { parentURL }) {
  return specifier === "../locales/index.js" && /\/zod\/v4\/\w+\/\w+\.js$/.test(parentURL ?? "");
}

/** For `module.register`, and for `module.registerHooks`, which takes it as it is. */
export function resolve(specifier, context, next) {
  return isLocales(specifier, context) ? EMPTY : next(specifier, context);
}

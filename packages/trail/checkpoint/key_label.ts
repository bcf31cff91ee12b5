/** How a key is named where the whole of it is not needed: `<name>+<key id>`. */
export function keyLabel({ name, id }: { readonly name: string; readonly id: string }): string {
  return `${name}+${id}`;
}

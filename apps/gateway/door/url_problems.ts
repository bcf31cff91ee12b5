import { fieldName, type JsonProblem } from "@countersign/core/action";

const MESSAGE = "The text is not valid UTF-8, percent-encoded";

/** Where a URL holds what no UTF-8 can, half a surrogate pair for one: libraries would show it as something else. */
export function urlProblems(url: string): readonly JsonProblem[] {
  if (!url.includes("%")) return [];
  const [path = "", query = ""] = url.split("?", 2);
  const named = query.split("&").map((pair) => {
    const [name = "", text = ""] = pair.split("=", 2);
    return { field: decode(name) ?? name, isFine: decode(name) !== undefined && decode(text) !== undefined };
  });
  return [{ field: "path", isFine: decode(path) !== undefined }, ...named]
    .filter(({ isFine }) => !isFine)
    .slice(0, 20)
    .map(({ field }) => ({ field: fieldName(field), message: MESSAGE }));
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

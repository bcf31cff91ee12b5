/** How a client wants its answers: as the SDK likes, as JSON, or as events. */
export type AnswerType = "any" | "json" | "events";

/**
 * What an `Accept` header (RFC 9110 section 12.5.1) takes of the two types that there are; undefined: neither. Events are
 * for clients that name them: whoever takes everything, or says nothing, may know no more than JSON.
 */
export function answerType(accept: string | undefined): AnswerType | undefined {
  if (accept === undefined || accept.trim() === "") return "json";
  const ranges = new Set(
    accept
      .toLowerCase()
      .split(",")
      .map((range) => range.split(";").map((part) => part.trim()))
      .filter(([, ...parameters]) => !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter)))
      .map(([type = ""]) => type),
  );
  const json = ["application/json", "application/*", "*/*"].some((type) => ranges.has(type));
  const events = ["text/event-stream", "text/*"].some((type) => ranges.has(type));
  if (json && events) return "any";
  if (json) return "json";
  return events ? "events" : undefined;
}

/** The SDK's answer in the type that the client takes. */
export async function answerAs(
  type: AnswerType,
  response: Response,
  { isBatch }: { readonly isBatch: boolean },
): Promise<Response> {
  const isEvents = response.headers.get("content-type")?.startsWith("text/event-stream") === true;
  if (response.body === null || type === "any" || isEvents === (type === "events")) return response;
  const { status } = response;
  const text = await response.text();
  if (type === "events") {
    // An error's status says enough, and clients read its body whatever its type is.
    if (status !== 200) return new Response(text, { status, headers: { "Content-Type": JSON_TYPE } });
    return new Response(eventOf(text), {
      headers: { "Content-Type": "text/event-stream" },
    });
  }
  // Every message is one line. Notifications have no place in an answer of one message.
  const answers = text
    .split("\n")
    .filter((line) => line.startsWith("data: {"))
    .map((line) => line.slice("data: ".length))
    .filter((message) => "id" in JSON.parse(message));
  const body = isBatch ? `[${answers.join(",")}]` : (answers.at(-1) ?? "");
  return new Response(body, { status, headers: { "Content-Type": JSON_TYPE } });
}

/** A message as the only one of an answer, in the type that the client takes. */
export function answerWith(type: AnswerType, message: unknown): Response {
  const text = JSON.stringify(message);
  if (type === "json") return new Response(text, { headers: { "Content-Type": JSON_TYPE } });
  return new Response(eventOf(text), { headers: EVENT_HEADERS });
}

/** The same for a message that takes its time: something is on the way meanwhile, so that nobody takes the connection for dead. */
export function answerLater(message: Promise<unknown>): Response {
  const encoder = new TextEncoder();
  let timer: NodeJS.Timeout | undefined;
  const stream = new ReadableStream<Uint8Array>({
    start: async (controller) => {
      timer = setInterval(() => controller.enqueue(encoder.encode(": keepalive\n\n")), KEEP_ALIVE_MS);
      const text = JSON.stringify(await message);
      clearInterval(timer);
      controller.enqueue(encoder.encode(eventOf(text)));
      controller.close();
    },
    cancel: () => clearInterval(timer),
  });
  return new Response(stream, { headers: EVENT_HEADERS });
}

function eventOf(text: string): string {
  return `event: message\ndata: ${text}\n\n`;
}

/** As often as the SDK does it. */
const KEEP_ALIVE_MS = 15_000;

/** As the SDK has them. */
const EVENT_HEADERS = {
  "Content-Type": "text/event-stream",
  "Cache-Control": "no-cache, no-transform",
  "X-Accel-Buffering": "no",
};

const JSON_TYPE = "application/json";

// Pages work without this. It keeps what they show true: moments in the reader's own time zone, ages, what is left, how much
// waits. And it makes single keys do something, for whoever wants them.
const short = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
for (const element of document.querySelectorAll("time[datetime]")) {
  const at = new Date(element.dateTime);
  if (!Number.isNaN(at.getTime())) element.textContent = short.format(at);
}

const { body } = document;
/** By the server's clock: a telephone's may be wrong. */
const ahead = body.dataset.now === undefined ? 0 : Number(body.dataset.now) - Date.now();

function duration(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor(seconds / 3600) % 24;
  const minutes = Math.floor(seconds / 60) % 60;
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min` : `${seconds} s`;
}

function tick() {
  const now = Date.now() + ahead;
  for (const element of document.querySelectorAll("[data-since]"))
    element.textContent = duration(now - Number(element.dataset.since));
  for (const element of document.querySelectorAll("[data-until]")) {
    const left = Number(element.dataset.until) - now;
    element.textContent = left <= 0 ? "expires now" : `${duration(left)} left`;
  }
}

/** Politely: only while somebody looks, and no oftener than this, in milliseconds. */
const EVERY_MS = 30_000;
const AT_LEAST_MS = 5_000;
const news = document.getElementById("news");
let askedAt = 0;
let timer;

function tell(text, link) {
  if (news === null || news.dataset.told === text) return;
  news.dataset.told = text;
  const a = document.createElement("a");
  a.href = location.pathname + location.search;
  a.textContent = link;
  news.replaceChildren(`${text} `, a);
}

async function ask() {
  clearTimeout(timer);
  if (document.hidden) return;
  tick();
  timer = setTimeout(ask, EVERY_MS);
  if (Date.now() - askedAt < AT_LEAST_MS) return;
  askedAt = Date.now();
  try {
    const response = await fetch("/fresh.json", { redirect: "manual", cache: "no-store" });
    if (response.type === "opaqueredirect") {
      clearTimeout(timer);
      tell("You are signed out.", "Sign in again");
      return;
    }
    if (!response.ok) return;
    const fresh = await response.json();
    for (const element of document.querySelectorAll("[data-count]")) {
      const count = fresh[element.dataset.count];
      element.hidden = typeof count !== "number" || count === 0;
      element.textContent = element.hidden ? "" : count > 999 ? "999+" : String(count);
    }
    const shown = document.querySelector("[data-shown]");
    const more = shown === null ? 0 : fresh.queue - Number(shown.dataset.shown);
    if (more > 0) tell(`${more} more ${more === 1 ? "email waits" : "emails wait"}.`, "Show");
  } catch {
    // Whoever is away from the network is asked again later.
  }
}
if (news !== null) {
  document.addEventListener("visibilitychange", ask);
  ask();
}

/** Shows a form's part and goes to it; whoever means it presses Enter there. */
function goTo(name) {
  const element = document.querySelector(`[data-key="${name}"]`);
  element?.scrollIntoView({ block: "center" });
  element?.focus();
  return element !== null;
}

const rows = [...document.querySelectorAll("a[data-row]")];

function step(by) {
  const at = rows.findIndex(
    (row) => row === document.activeElement || row.closest("tr")?.contains(document.activeElement),
  );
  rows[at === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))]?.focus();
}

/** The form of the email whose row has the focus, on its own page. */
function decideOnRow(name) {
  const row = rows.find((one) => one.closest("tr")?.contains(document.activeElement));
  if (row !== undefined) location.assign(`${row.href}#${name}`);
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  a: () => goTo("a") || decideOnRow("a"),
  r: () => goTo("r") || decideOnRow("r"),
  "?": () => document.getElementById("keys")?.showModal(),
};

if (body.dataset.keys !== undefined) {
  if (location.hash === "#a" || location.hash === "#r") goTo(location.hash.slice(1));
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select, dialog")) return;
    const act = KEYS[event.key.toLowerCase()];
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
}

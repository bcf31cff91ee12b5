/** The schemas in a real editor's language server: `yaml-language-server`, over stdio as an editor starts it. */
import assert from "node:assert/strict";
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { createMessageConnection, type MessageConnection } from "vscode-jsonrpc/node.js";
import { OVERSIGHT_MODES } from "../oversight_mode.ts";

const TEAMS = resolve(import.meta.dirname, "../../../../teams");
const FINANCE = join(TEAMS, "finance.yaml");
const text = readFileSync(FINANCE, "utf8");

/** Without the store the server asks nobody on the network. */
const SETTINGS = { validate: true, hover: true, completion: true, schemaStore: { enable: false } };

/** A place in a file, from 0. */
interface Position {
  readonly line: number;
  readonly character: number;
}

/** What the server finds wrong in a file. */
interface Diagnostic {
  readonly message: string;
  readonly range: { readonly start: Position };
}

/** An editor's end of the protocol. */
class Editor {
  readonly #server: ChildProcessWithoutNullStreams;
  readonly #connection: MessageConnection;
  /** Those who wait for the next word about a file. */
  readonly #waiting = new Map<string, (diagnostics: readonly Diagnostic[]) => void>();
  /** The server keeps what it parsed by version. */
  #lastVersion = 0;

  constructor() {
    const home = dirname(createRequire(import.meta.url).resolve("yaml-language-server/package.json"));
    this.#server = spawn(process.execPath, [join(home, "bin/yaml-language-server"), "--stdio"]);
    this.#connection = createMessageConnection(this.#server.stdout, this.#server.stdin);
    this.#connection.onRequest("workspace/configuration", ({ items }: { items: { section: string }[] }) =>
      items.map(({ section }) => (section === "yaml" ? SETTINGS : null)),
    );
    this.#connection.onNotification("textDocument/publishDiagnostics", ({ uri, diagnostics }) =>
      this.#waiting.get(uri)?.(diagnostics),
    );
    this.#connection.listen();
  }

  async start(): Promise<void> {
    const rootUri = pathToFileURL(resolve(TEAMS, "..")).href;
    await this.#connection.sendRequest("initialize", { processId: process.pid, rootUri, capabilities: {} });
    await this.#connection.sendNotification("initialized", {});
  }

  /** Opens a file with a text that need not be on the disk, and resolves to what the server finds wrong in it. */
  async open(path: string, content: string): Promise<readonly Diagnostic[]> {
    const uri = pathToFileURL(path).href;
    const published = this.#published(uri);
    const version = ++this.#lastVersion;
    await this.#connection.sendNotification("textDocument/didOpen", {
      textDocument: { uri, languageId: "yaml", version, text: content },
    });
    return published;
  }

  /** The server takes back what it found wrong: that is waited for, so that the next opening does not see it. */
  async close(path: string): Promise<void> {
    const uri = pathToFileURL(path).href;
    const published = this.#published(uri);
    await this.#connection.sendNotification("textDocument/didClose", { textDocument: { uri } });
    await published;
  }

  /** Asks about a place in a file that is open. */
  ask<T>(what: "completion" | "hover", path: string, position: Position): Promise<T> {
    const textDocument = { uri: pathToFileURL(path).href };
    return this.#connection.sendRequest(`textDocument/${what}`, { textDocument, position });
  }

  stop(): void {
    this.#connection.dispose();
    this.#server.kill();
  }

  #published(uri: string): Promise<readonly Diagnostic[]> {
    return new Promise((done) => this.#waiting.set(uri, done));
  }
}

const editor = new Editor();
after(() => editor.stop());
await editor.start();

test("an editor finds no fault with any sample", async (t) => {
  const samples = readdirSync(TEAMS).filter((name) => name.endsWith(".yaml") && !name.endsWith("_test.yaml"));
  assert.ok(samples.length > 3);
  for (const name of samples) {
    await t.test(name, async () => {
      const content = readFileSync(join(TEAMS, name), "utf8");
      assert.match(
        content,
        /^# yaml-language-server: \$schema=\.\.\/packages\/core\/policy\/\w+\.schema\.json\n/,
      );
      assert.deepEqual(await editor.open(join(TEAMS, name), content), []);
      await editor.close(join(TEAMS, name));
    });
  }
});

test("an editor offers the oversight modes", async () => {
  const { content, position } = cut(text, "oversight: ", "gated_all");
  await editor.open(FINANCE, content);
  const { items } = await editor.ask<{ items: readonly { label: string }[] }>(
    "completion",
    FINANCE,
    position,
  );
  assert.deepEqual(items.map(({ label }) => label).sort(), [...OVERSIGHT_MODES].sort());
  await editor.close(FINANCE);
});

test("an editor explains a key", async () => {
  await editor.open(FINANCE, text);
  const { position } = cut(text, "\nov", "ersight");
  const { contents } = await editor.ask<{ contents: { value: string } }>("hover", FINANCE, position);
  assert.match(contents.value, /What MultiMail holds for a person \(default: gated\\_send\)/);
  await editor.close(FINANCE);
});

test("an editor marks an unknown key, at its place", async () => {
  const { content, position } = cut(text, "\nrecipient", "s");
  const found = await editor.open(FINANCE, content);
  const [unknown] = found.filter(({ message }) => /recipient/.test(message));
  assert.match(unknown?.message ?? "", /Property recipient is not allowed/);
  assert.deepEqual(unknown?.range.start, { line: position.line, character: 0 });
  await editor.close(FINANCE);
});

/** `source` without `what` after `before`, and the place where it was. */
function cut(source: string, before: string, what: string) {
  const offset = source.indexOf(before + what) + before.length;
  assert.ok(offset >= before.length, `Expected "${before}${what}"`);
  const lines = source.slice(0, offset).split("\n");
  const position = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
  return { content: source.slice(0, offset) + source.slice(offset + what.length), position };
}

/** A person's browser, as far as signing in wants one: it keeps cookies, follows redirects, and fills forms in. */
export class Browser {
  readonly #login: string;
  readonly #cookies = new Map<string, string>();

  /** @param login the name with which the person signs in wherever they are asked */
  constructor(login: string) {
    this.#login = login;
  }

  /** Opens a page and says yes to everything, until it is sent to an address that begins so. That address. */
  async open(url: string, until: string): Promise<URL> {
    let next: { readonly url: string; readonly form?: URLSearchParams } = { url };
    for (let step = 0; step < 20; step++) {
      const response = await fetch(next.url, {
        ...(next.form !== undefined && { method: "POST", body: next.form }),
        headers: { cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
        redirect: "manual",
      });
      this.#keepCookies(response);
      const page = await response.text();
      const location = response.headers.get("location");
      if (location !== null) {
        const target = new URL(location, next.url);
        if (target.href.startsWith(until)) return target;
        next = { url: target.href };
      } else {
        const action = /<form[^>]* action="([^"]+)"/.exec(page)?.[1];
        if (action === undefined)
          throw new Error(`No form to fill in (${response.status}): ${page.slice(0, 2_000)}`);
        next = { url: new URL(action, next.url).href, form: this.#fillIn(page) };
      }
    }
    throw new Error(`Not sent to ${until} after 20 pages`);
  }

  #keepCookies(response: Response): void {
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === "") this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
  }

  #fillIn(page: string): URLSearchParams {
    const hidden = [...page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
    const form = new URLSearchParams(
      hidden.map(([, name = "", value = ""]): [string, string] => [name, value]),
    );
    if (page.includes('name="login"')) {
      form.set("login", this.#login);
      form.set("password", "any");
    }
    return form;
  }
}

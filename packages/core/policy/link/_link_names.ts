import { type Address, type AddressPattern, formatPattern } from "../../address/mod.ts";
import type { OrganisationFile } from "../schema/organisation_file.ts";
import type { GroupsFile } from "../schema/sections.ts";
import type { TeamFile } from "../schema/team_file.ts";
import type { HolidayList, Located, NamedList, PolicyPerson } from "../team_policy.ts";
import { isNamed, type Named } from "../values/named.ts";
import type { Written } from "../values/written.ts";
import type { Where } from "../where.ts";
import { type LinkedFile, locatedIn, placeIn } from "./linked_file.ts";

/** What the names in a team's file and the organisation's stand for. All of them are known, and no group holds itself. */
export class LinkedNames {
  readonly #files: readonly LinkedFile<{ readonly groups?: GroupsFile }>[];
  readonly #organisation: LinkedFile<OrganisationFile> | undefined;
  readonly #groups = new Map<string, Group>();
  readonly #used = new Map<string, { readonly list: Omit<NamedList, "usedAt">; readonly usedAt: Where[] }>();

  /** Without a team: for the organisation's file by itself. */
  constructor(
    team: LinkedFile<TeamFile> | undefined,
    organisation: LinkedFile<OrganisationFile> | undefined,
  ) {
    this.#files = [team, organisation].filter((file) => file !== undefined);
    this.#organisation = organisation;
  }

  /** The entries of a list of recipients, a group's own ones in its place. */
  recipients(
    file: LinkedFile<unknown>,
    path: string,
    list: readonly Written<AddressPattern | Named<"group">>[] = [],
  ): readonly Located<AddressPattern>[] {
    return list.flatMap(({ value, text }, index): readonly Located<AddressPattern>[] => {
      const where = placeIn(file, `${path}[${index}]`);
      if (!isNamed(value, "group")) return [{ value, text, where }];
      const group = this.#group(value.name);
      this.#use(
        {
          name: text,
          members: group.members.map((member) => formatPattern(member.value)),
          where: group.where,
        },
        where,
      );
      return group.members.map((member) => ({
        value: member.value,
        text: member.text,
        where,
        group: { name: text, where: member.where },
      }));
    });
  }

  /** The people of a list, a role's in its place, nobody twice; `one`: the path is that of the only entry. */
  people(
    file: LinkedFile<unknown>,
    path: string,
    list: readonly Written<Address | Named<"role">>[] = [],
    kind: "list" | "one" = "list",
  ): readonly PolicyPerson[] {
    const people = new Map<string, PolicyPerson>();
    for (const [index, { value, text }] of list.entries()) {
      const where = placeIn(file, kind === "one" ? path : `${path}[${index}]`);
      for (const person of isNamed(value, "role")
        ? this.#role(value.name, text, where)
        : [{ address: value.key, where }])
        if (!people.has(person.address)) people.set(person.address, person);
    }
    return [...people.values()];
  }

  #role(name: string, text: string, where: Where): readonly PolicyPerson[] {
    if (this.#organisation === undefined) return [];
    const path = `roles.${name}`;
    const members = locatedIn(this.#organisation, path, this.#organisation.content.roles?.[name]);
    const addresses = members.map(({ value }) => value.key);
    this.#use({ name: text, members: addresses, where: placeIn(this.#organisation, path) }, where);
    return members.map((member) => ({
      ...{ address: member.value.key, where },
      role: { name: text, where: member.where },
    }));
  }

  /** The list of holidays that a place names. */
  holidays(name: string, usedAt: Where): HolidayList {
    const days = this.#organisation?.content.holidays?.[name];
    if (this.#organisation === undefined || days === undefined)
      throw new RangeError(`Cannot link holidays "${name}": they are not known`);
    const where = placeIn(this.#organisation, `holidays.${name}`);
    const members = days.map(({ text }) => text);
    this.#use({ name: `holidays ${name}`, members, where }, usedAt);
    return { name, days: new Set(members), where };
  }

  /** The lists that were asked for, in the order of asking. */
  used(): readonly NamedList[] {
    return [...this.#used.values()].map(({ list: { name, members, where }, usedAt }) => ({
      name,
      members,
      where,
      usedAt,
    }));
  }

  #use(list: Omit<NamedList, "usedAt">, where: Where): void {
    const known = this.#used.get(list.name);
    if (known !== undefined) known.usedAt.push(where);
    else this.#used.set(list.name, { list, usedAt: [where] });
  }

  /** A group with those of its groups, each recipient once. */
  #group(name: string): Group {
    const known = this.#groups.get(name);
    if (known !== undefined) return known;
    const file = this.#files.find(({ content }) => content.groups?.[name] !== undefined);
    if (file === undefined) throw new RangeError(`Cannot link group "${name}": it is not known`);
    const path = `groups.${name}`;
    const members = new Map<string, Located<AddressPattern>>();
    for (const { value, text, where } of locatedIn(file, path, file.content.groups?.[name])) {
      const added = isNamed(value, "group") ? this.#group(value.name).members : [{ value, text, where }];
      for (const member of added) {
        const key = formatPattern(member.value);
        if (!members.has(key)) members.set(key, member);
      }
    }
    const group = { members: [...members.values()], where: placeIn(file, path) };
    this.#groups.set(name, group);
    return group;
  }
}

interface Group {
  readonly members: readonly Located<AddressPattern>[];
  readonly where: Where;
}

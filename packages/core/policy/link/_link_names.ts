import { type Address, type AddressPattern, formatPattern } from "../../address/mod.ts";
import type { OrganisationFile } from "../schema/organisation_file.ts";
import type { GroupsFile } from "../schema/sections.ts";
import type { TeamFile } from "../schema/team_file.ts";
import type { HolidayList, Located, NamedList } from "../team_policy.ts";
import { isNamed, type Named } from "../values/named.ts";
import type { Written } from "../values/written.ts";
import type { Where } from "../where.ts";
import { type LinkedFile, locatedIn, placeIn } from "./linked_file.ts";

/** What the names in a team's file and the organisation's stand for. All of them are known, and no group holds itself. */
export class LinkedNames {
  readonly #files: readonly LinkedFile<{ readonly groups?: GroupsFile }>[];
  readonly #organisation: LinkedFile<OrganisationFile> | undefined;
  readonly #groups = new Map<string, Group>();
  readonly #used = new Map<string, { readonly list: NamedList; readonly usedAt: Where[] }>();

  constructor(team: LinkedFile<TeamFile>, organisation: LinkedFile<OrganisationFile> | undefined) {
    this.#files = organisation ? [team, organisation] : [team];
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
        ...{ value: member.value, text: member.text, where },
        group: { name: text, where: member.where },
      }));
    });
  }

  /** Canonical addresses of people; a role's in its place, nobody twice. */
  people(
    file: LinkedFile<unknown>,
    path: string,
    list: readonly Written<Address | Named<"role">>[] = [],
  ): readonly string[] {
    const keys = list.flatMap(({ value, text }, index) => {
      if (!isNamed(value, "role")) return [value.key];
      const members = (this.#organisation?.content.roles?.[value.name] ?? []).map(
        (person) => person.value.key,
      );
      const where = this.#organisation && placeIn(this.#organisation, `roles.${value.name}`);
      if (where) this.#use({ name: text, members, where }, placeIn(file, `${path}[${index}]`));
      return members;
    });
    return [...new Set(keys)];
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
    return [...this.#used.values()].map(({ list, usedAt }) => ({ ...list, usedAt }));
  }

  #use(list: Omit<NamedList, "usedAt">, where: Where): void {
    const known = this.#used.get(list.name);
    if (known !== undefined) known.usedAt.push(where);
    else this.#used.set(list.name, { list: { ...list, usedAt: [] }, usedAt: [where] });
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

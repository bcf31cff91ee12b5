/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { NotifyChannel } from "@countersign/core/policy";
import type { JSX } from "hono/jsx/jsx-runtime";
import { DataTable } from "../looks/data_table.tsx";
import { Moment } from "../looks/moment.tsx";
import { Notice, Section, State } from "../looks/parts.tsx";
import { plain } from "../looks/plain.ts";
import type { ChannelState } from "../notices/notices.ts";

/** More teams than these are counted, not named. */
const MOST_TEAMS = 5;

/** What a channel is called. */
const KINDS: Readonly<Record<NotifyChannel["kind"], string>> = {
  slack: "Slack",
  teams: "Microsoft Teams",
  webhook: "Webhook",
  email: "Email",
};

/** By which channels people are told that email waits, and whether they are; nothing where there is none. `now`: epoch ms. */
export function NoticeChannels({
  channels,
  now,
}: {
  readonly channels: readonly ChannelState[];
  readonly now: number;
}): JSX.Element | null {
  if (channels.length === 0) return null;
  const failing = channels.filter(({ health }) => health.failing !== undefined);
  const rows = channels.map((state) => {
    const { name, channel, teams, health } = state;
    const more = teams.length - MOST_TEAMS;
    return [
      <span class="names">{plain(name)}</span>,
      KINDS[channel.kind],
      teams.length === 0 ? (
        <span class="quiet">none</span>
      ) : (
        <span class="names">
          {teams.slice(0, MOST_TEAMS).join(", ")}
          {more > 0 && ` and ${more} more`}
        </span>
      ),
      <Standing state={state} now={now} />,
      health.sentAt === undefined ? (
        <span class="quiet">–</span>
      ) : (
        <Moment at={new Date(health.sentAt).toISOString()} />
      ),
    ];
  });
  return (
    <Section id="notices" title="Notices">
      {failing.length > 0 && (
        <Notice
          tone="bad"
          title={`${failing.map(({ name }) => plain(name)).join(", ")} ${failing.length === 1 ? "takes" : "take"} no notices`}
        >
          <p>Nobody is told by it that email waits; it waits in the queue all the same.</p>
        </Notice>
      )}
      <DataTable
        caption={`${channels.length} ${channels.length === 1 ? "channel" : "channels"} by which people are told that email waits, never what is in it`}
        columns={[
          { label: "Channel" },
          { label: "Kind" },
          { label: "Teams" },
          { label: "State" },
          { label: "Last told" },
        ]}
        rows={rows}
      />
    </Section>
  );
}

function Standing({ state, now }: { readonly state: ChannelState; readonly now: number }) {
  const { problem, health } = state;
  if (problem !== undefined)
    return (
      <span class="chip">
        <State tone="bad">not set up</State>
        <span class="small">{plain(problem, 300)}</span>
      </span>
    );
  const { failing, rest } = health;
  if (failing === undefined)
    return health.sentAt === undefined ? (
      <span class="quiet">not used yet</span>
    ) : (
      <State tone="ok">works</State>
    );
  return (
    <span class="chip">
      <State tone="bad">fails</State>
      <span class="small">
        {plain(failing.code, 60)}, since <Moment at={new Date(failing.since).toISOString()} />
        {rest !== undefined && rest.until > now && (
          <>
            , next attempt <Moment at={new Date(rest.until).toISOString()} />
          </>
        )}
      </span>
    </span>
  );
}

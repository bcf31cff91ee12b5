import { type NoticeMessage, noticeWords } from "@countersign/lifecycle";

/**
 * What is posted to a Slack incoming webhook. Text is of the kind that has no markup, but for the fallback and the link, in which what
 * Slack takes for markup is escaped: nobody is pinged by a name.
 */
export function slackPayload(message: NoticeMessage): object {
  const { title, detail, action } = noticeWords(message, { to: "channel" });
  const section = (type: "plain_text" | "mrkdwn", text: string) => ({
    type: "section",
    text: { type, text },
  });
  return {
    text: escaped(`${title}. ${detail}`),
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      section("plain_text", title),
      { type: "context", elements: [{ type: "plain_text", text: detail }] },
      section("mrkdwn", `<${escaped(message.link)}|${escaped(action)}>`),
    ],
  };
}

/** Slack's own three: https://docs.slack.dev/messaging/formatting-message-text#escaping */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

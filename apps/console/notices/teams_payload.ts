import { type NoticeMessage, noticeWords } from "@countersign/lifecycle";

/**
 * What is posted to a Microsoft Teams workflow "when a Teams webhook request is received": a message with one Adaptive Card. A
 * `TextRun` has no markup, which a `TextBlock` has.
 */
export function teamsPayload(message: NoticeMessage): object {
  const { title, detail, action } = noticeWords(message, { to: "channel" });
  const line = (run: object) => ({ type: "RichTextBlock", inlines: [{ type: "TextRun", ...run }] });
  return {
    type: "message",
    attachments: [
      {
        contentType: "application/vnd.microsoft.card.adaptive",
        contentUrl: null,
        content: {
          $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
          type: "AdaptiveCard",
          version: "1.4",
          body: [line({ text: title, weight: "Bolder" }), line({ text: detail })],
          actions: [{ type: "Action.OpenUrl", title: action, url: message.link }],
        },
      },
    ],
  };
}

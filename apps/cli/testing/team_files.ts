/** A team file with two assistants, one of which may only read. */
export const OPS: string = `# Ünïcode, and a comment to keep
team: ops
description: Running things
mailbox: { id: mbx-ops, address: ops@acme.multimail.dev }
oversight: gated_send
approvers: [lead@acme.example]
assistants:
  - id: writer        # writes
    keys: []          # none yet
  - id: reader
    actions: [inbox, read]
recipients:
  internal: [acme.example]
  skip_approval: ["*@acme.example"]
  deny: ["*@rival.example"]
exceptions:
  - rule: recipients.max_per_email
    reason: The move, ticket OPS-1
    owner: lead@acme.example
    expires: 2020-01-31
`;

import { loadTeams } from "@countersign/host";
import { startSandbox } from "@countersign/sandbox";

// The sandbox in a process of its own, with the mailboxes of TEAMS_DIR. Prints its address.

const {
  TEAMS_DIR = "",
  WEBHOOK_URL = "",
  API_KEY = "",
  OVERSIGHT_KEY = "",
  WEBHOOK_SECRET = "",
} = process.env;
const teams = await loadTeams(TEAMS_DIR);
if (!teams.ok) throw new Error("The teams have problems");
const { url } = await startSandbox({
  policies: teams.policies,
  scanMs: 5,
  webhookUrl: WEBHOOK_URL,
  apiKey: API_KEY,
  oversightKey: OVERSIGHT_KEY,
  webhookSecret: WEBHOOK_SECRET,
});
console.log(url);

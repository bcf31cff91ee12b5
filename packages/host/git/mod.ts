export { type RunGitOptions, runGit } from "./run_git.ts";
export { type TeamsCommit, teamsCommit } from "./teams_commit.ts";

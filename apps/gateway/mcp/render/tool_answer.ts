/** What a tool answers: text for the model, its verdict in the first line. */
export interface ToolAnswer {
  readonly text: string;
  /** The policy said no, or it could not be done. */
  readonly isError: boolean;
}

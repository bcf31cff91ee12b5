/** An error of the operating system, with its code: `ENOENT`. */
export type SystemError = Error & { readonly code: string };

/** Whether the operating system refused something. */
export function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && "code" in error && typeof error.code === "string" && "syscall" in error;
}

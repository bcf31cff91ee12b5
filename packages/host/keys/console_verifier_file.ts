/** Name of the file in `CONSOLE_DATA_DIR` with the console's verifier key, for whoever checks what it signed. */
export const CONSOLE_VERIFIER_FILE = "console_verifier_key.txt";

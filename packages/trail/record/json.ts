/** A value that RFC 8785 can make canonical. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** An object that RFC 8785 can make canonical. */
export type JsonObject = { readonly [key: string]: Json };

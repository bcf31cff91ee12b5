/** A value together with what the file says for it. */
export interface Written<T> {
  readonly value: T;
  readonly text: string;
}

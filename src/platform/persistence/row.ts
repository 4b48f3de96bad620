/** The plain columns of an entity, as they are written; no instance of its class is needed for that. */
export type Row<E> = { [K in keyof E]: E[K] };

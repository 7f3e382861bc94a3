/** What is used of sql.js, which has no types; the form with the WebAssembly inside needs no file next to the bundle. */
declare module 'sql.js/dist/sql-wasm-inline.js' {
  export interface Statement {
    /** Whether there is another row. */
    step(): boolean
    get(): (string | number | Uint8Array | null)[]
    getColumnNames(): string[]
    free(): void
  }
  export interface Database {
    prepare(sql: string): Statement
    /** Runs statements. */
    run(sql: string): void
    /** The file. */
    export(): Uint8Array
    close(): void
  }
  const initialize: () => Promise<{ readonly Database: new (image?: Uint8Array) => Database }>
  export default initialize
}

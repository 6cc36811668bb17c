/** An endpoint that is running, and what is needed to use it. */
export interface Running {
  /** Absent: AWS itself. */
  readonly endpoint?: string;
  readonly region: string;
  /** Absent: whatever the SDK finds. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** See `fixture.ts`. */
  readonly group: string;
  stop(): Promise<void>;
}

/** Something that says it is EC2 and CloudWatch. */
export interface Target {
  readonly name: string;
  start(): Promise<Running>;
  /** Cases that this target cannot pass, by their title, and why. */
  readonly lacks: Readonly<Record<string, string>>;
  /** Why the target as a whole is left out. */
  readonly absent?: string;
}

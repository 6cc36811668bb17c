/** Size and refill of a token bucket. */
export interface Bucket {
  readonly maximum: number;
  readonly perSecond: number;
}

/** Token buckets per API action, as EC2 keeps them for each account and Region. */
export class TokenBuckets {
  readonly #levels = new Map<string, { tokens: number; atMs: number }>();

  /** Takes one token; false when the bucket is empty. */
  take(key: string, bucket: Bucket, nowMs: number): boolean {
    const level = this.#levels.get(key) ?? { tokens: bucket.maximum, atMs: nowMs };
    const refilled = level.tokens + ((nowMs - level.atMs) / 1000) * bucket.perSecond;
    const tokens = Math.min(bucket.maximum, refilled);
    this.#levels.set(key, { tokens: tokens < 1 ? tokens : tokens - 1, atMs: nowMs });
    return tokens >= 1;
  }
}

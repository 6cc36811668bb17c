import type { Decision } from '../core/decide.ts';

/** The news, and what else there is to say of them for machines. */
export function toldBy({ write, readiness }: Decision, news: readonly string[]) {
  const joined = write?.joined?.filter((id) => news.some((text) => text.includes(id))) ?? [];
  const turned = write?.turned === true && news.length > 0 ? readiness : undefined;
  return {
    ...(news.length > 0 && { news }),
    ...(joined.length > 0 && { joined }),
    ...(turned && { readiness: turned }),
  };
}

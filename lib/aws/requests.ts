import type { Filter } from '@aws-sdk/client-ec2';

/** EC2 takes at most this many values in one filter ("List and filter using the CLI and API", EC2 User Guide). */
export const MAX_FILTER_VALUES = 200;

/**
 * Takes the wildcards out of a filter value: EC2 reads `*` and `?` as such, and `\` as their escape ("List and filter
 * using the CLI and API", EC2 User Guide).
 */
export function literal(value: string): string {
  return value.replace(/[\\*?]/g, '\\$&');
}

/** Matches resources that have this tag key, whatever its value. */
export function hasTag(key: string): Filter {
  return { Name: 'tag-key', Values: [literal(key)] };
}

/** Matches resources whose tag has one of these values, exactly. */
export function tagIs(key: string, values: readonly string[]): Filter {
  return { Name: `tag:${key}`, Values: values.map(literal) };
}

/** Matches resources whose tag contains this text; what comes back still has to be compared. */
export function tagContains(key: string, text: string): Filter {
  return { Name: `tag:${key}`, Values: [`*${literal(text)}*`] };
}

/** Asks for page after page until none is left. Each page is a call of its own, with retries and deadline of its own. */
export async function allPages<Page extends { NextToken?: string | undefined }>(
  fetch: (token: string | undefined) => Promise<Page>,
): Promise<Page[]> {
  const pages: Page[] = [];
  let token: string | undefined;
  do {
    const page = await fetch(token);
    pages.push(page);
    token = page.NextToken;
  } while (token);
  return pages;
}

/** Orders views by id. By code unit, so that the anchor does not depend on the machine's locale. */
export function byId<View extends { readonly id: string }>(views: readonly View[]): View[] {
  return [...views].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

/** The alarms on members, which the function `upkeep` has made and no stack knows: when the stack is gone, so are they. */

/** DescribeAlarms and DeleteAlarms take as many (CloudWatch API Reference). */
const MOST = 100;

/**
 * Deletes the alarms that carry the tag of a deployment, and no other.
 * @param prefix what their names begin with
 * @param tag key and value
 * @param cloudwatch describe, tagsOf and remove, each a call
 * @returns how many there were
 */
async function deleteMemberAlarms(prefix, tag, { describe, tagsOf, remove }) {
  const ours = [];
  for await (const { AlarmName, AlarmArn } of allOf(describe, prefix)) {
    const tags = await tagsOf(AlarmArn);
    if (tags.some(({ Key, Value }) => Key === tag.key && Value === tag.value)) ours.push(AlarmName);
  }
  for (let from = 0; from < ours.length; from += MOST) await remove(ours.slice(from, from + MOST));
  return ours.length;
}

async function* allOf(describe, AlarmNamePrefix) {
  let NextToken;
  do {
    const page = await describe({ AlarmNamePrefix, AlarmTypes: ['MetricAlarm'], MaxRecords: MOST, NextToken });
    yield* page.MetricAlarms ?? [];
    NextToken = page.NextToken;
  } while (NextToken);
}

/** What is said where they could not be deleted. */
const leftBehind = (prefix, message) =>
  `The alarms ${prefix}… that the stack has made could not be looked for, or deleted: ${message} Whoever may, deletes them as docs/install.md says; they cost 0.10 USD a month each and do nothing.`;

module.exports = { deleteMemberAlarms, leftBehind };

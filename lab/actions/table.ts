import {
  deleteAlarms,
  describeAlarmContributors,
  describeAlarms,
  listTagsForResource,
  setAlarmStateRow,
} from './alarms.ts';
import { describeNetworkInterfaces } from './describe-interfaces.ts';
import { describeInstanceStatus } from './instance-status.ts';
import { describeInstanceTypes } from './instance-types.ts';
import { describeInstances, rebootInstances, startInstances, stopInstances, terminateInstances } from './instances.ts';
import { attachNetworkInterface, detachNetworkInterface, modifyNetworkInterfaceAttribute } from './interfaces.ts';
import { listAlarmMuteRules } from './mutes.ts';
import { putEvents } from './put-events.ts';
import { describePlacementGroups } from './placement-groups.ts';
import { putMetricAlarm } from './put-alarm.ts';
import { putMetricData } from './put-metric-data.ts';
import type { Row } from './row.ts';
import { createTags, deleteTags, describeTags } from './tags.ts';

/** Every action the lab knows. No row, no action. */
export const ACTIONS: Readonly<Record<string, Row>> = {
  AttachNetworkInterface: attachNetworkInterface,
  CreateTags: createTags,
  DeleteTags: deleteTags,
  DescribeInstances: describeInstances,
  DescribeInstanceStatus: describeInstanceStatus,
  DescribeInstanceTypes: describeInstanceTypes,
  DescribeNetworkInterfaces: describeNetworkInterfaces,
  DescribePlacementGroups: describePlacementGroups,
  DescribeTags: describeTags,
  DetachNetworkInterface: detachNetworkInterface,
  ModifyNetworkInterfaceAttribute: modifyNetworkInterfaceAttribute,
  RebootInstances: rebootInstances,
  StartInstances: startInstances,
  StopInstances: stopInstances,
  TerminateInstances: terminateInstances,

  DeleteAlarms: deleteAlarms,
  DescribeAlarmContributors: describeAlarmContributors,
  DescribeAlarms: describeAlarms,
  ListAlarmMuteRules: listAlarmMuteRules,
  ListTagsForResource: listTagsForResource,
  PutMetricAlarm: putMetricAlarm,
  PutMetricData: putMetricData,
  SetAlarmState: setAlarmStateRow,

  PutEvents: putEvents,
};

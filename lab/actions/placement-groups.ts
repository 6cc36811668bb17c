import type * as aws from '@aws-sdk/client-ec2';
import { anyResource, bucket, row } from './row.ts';

/** Every placement group there is: the call has no pages, and filters are not known here. */
export const describePlacementGroups = row<aws.DescribePlacementGroupsRequest, aws.DescribePlacementGroupsResult>({
  service: 'ec2',
  members: 'DryRun',
  resources: anyResource,
  bucket: bucket(50, 10),
  handle: (world) => ({
    PlacementGroups: [...world.placementGroups].map(([GroupName, Strategy]) => {
      return { GroupName, Strategy, State: 'available', GroupId: `pg-${GroupName}` };
    }),
  }),
});

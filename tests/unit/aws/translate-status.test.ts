import type { InstanceStatus } from '@aws-sdk/client-ec2';
import { toChecks } from '../../../lib/aws/translate-status.ts';

const OK: InstanceStatus = {
  SystemStatus: { Status: 'ok' },
  InstanceStatus: { Status: 'ok' },
  AttachedEbsStatus: { Status: 'ok' },
  ApplicationStatus: { Status: 'ok' },
};

const detailsSince = (...times: number[]) => times.map((time) => ({ ImpairedSince: new Date(time) }));

describe('toChecks', () => {
  it('should tell the four checks apart', () => {
    const checks = toChecks({
      SystemStatus: { Status: 'impaired' },
      InstanceStatus: { Status: 'initializing' },
      AttachedEbsStatus: { Status: 'insufficient-data' },
      ApplicationStatus: { Status: 'suppressed' as 'ok' },
    });
    expect(checks).toEqual({
      system: 'impaired',
      instance: 'initializing',
      attachedEbs: 'insufficient-data',
      application: 'suppressed',
      scheduledEvents: [],
    });
  });

  it('should read nothing into a check that is missing', () => {
    expect(toChecks({})).toEqual({
      system: 'unreadable',
      instance: 'unreadable',
      attachedEbs: 'not-applicable',
      application: 'not-applicable',
      scheduledEvents: [],
    });
  });

  it.each(['ok', 'impaired', 'initializing', 'insufficient-data', 'not-applicable'] as const)(
    'should know %s',
    (Status) => {
      expect(toChecks({ ...OK, SystemStatus: { Status } }).system).toBe(Status);
    },
  );

  it('should read a status it does not know as unreadable', () => {
    expect(toChecks({ ...OK, InstanceStatus: { Status: 'unwell' as 'ok' } }).instance).toBe('unreadable');
  });

  it('should take the earliest time of the checks that are impaired', () => {
    const checks = toChecks({
      SystemStatus: { Status: 'ok', Details: detailsSince(100) },
      InstanceStatus: { Status: 'impaired', Details: [{}, ...detailsSince(400, 300)] },
      ApplicationStatus: { Status: 'impaired', ImpairedSince: new Date(500) },
    });
    expect(checks.impairedSince).toBe(300);
  });

  it('should take the time of the application, which has no details', () => {
    const ApplicationStatus = { Status: 'impaired' as const, ImpairedSince: new Date(500) };
    expect(toChecks({ ...OK, ApplicationStatus }).impairedSince).toBe(500);
    expect(toChecks(OK)).not.toHaveProperty('impairedSince');
  });

  it('should list the events that are still to come', () => {
    const checks = toChecks({
      ...OK,
      Events: [
        { Code: 'instance-retirement', Description: 'The instance is running on degraded hardware' },
        { Code: 'instance-reboot', Description: '[Completed] done' },
        { Code: 'instance-stop', Description: '[Canceled] never mind' },
        { Code: 'system-reboot' },
        { Description: 'no code' },
      ],
    });
    expect(checks.scheduledEvents).toEqual(['instance-retirement', 'system-reboot']);
  });
});

import { readFileSync } from 'node:fs';
import { templateOnce } from '../../build/packaging.ts';
import { type Account, resolver, type Resource } from '../../lab/package/resolve.ts';
import { METRICS } from '../../lib/engine/metrics.ts';

const ACCOUNT: Account = { partition: 'aws', region: 'eu-west-1', accountId: '123456789012' };

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly title?: string;
    readonly query?: string;
    readonly alarms?: readonly string[];
    readonly metrics?: readonly (readonly unknown[])[];
  };
}

type Resources = Readonly<Record<string, Resource>>;

async function resourcesOf(params: Record<string, string> = {}): Promise<Resources> {
  return (JSON.parse(readFileSync(await templateOnce({ params }), 'utf8')) as { Resources: Resources }).Resources;
}

describe('the dashboard', () => {
  let resources: Resources;
  let widgets: readonly Widget[];
  beforeAll(async () => {
    resources = await resourcesOf();
    const { Properties } = Object.values(resources).find(
      ({ Type }) => Type === 'AWS::CloudWatch::Dashboard',
    ) as Resource;
    expect(Properties['DashboardName']).toBe('eni-failover-prod');
    const body = resolver(resources, ACCOUNT)(Properties['DashboardBody']) as string;
    widgets = (JSON.parse(body) as { widgets: Widget[] }).widgets;
  }, 120_000);

  it('should show groups, readiness, the last moves and where their time went', () => {
    const titles = widgets.map(({ properties }) => properties.title);
    for (const title of [
      'Groups now',
      'Not ready, and blocked',
      'Last moves',
      'Where the time of a move goes',
      'Alarms',
    ])
      expect(titles).toContain(title);
  });

  it('should lie within its columns, each widget in a place of its own', () => {
    const cells = widgets.flatMap(({ x, y, width, height }) =>
      Array.from({ length: width * height }, (_, n) => `${x + (n % width)},${y + Math.floor(n / width)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    for (const { x, width } of widgets) expect(x + width).toBeLessThanOrEqual(24);
  });

  it('should name only metrics that are published', () => {
    const rows = widgets.flatMap(({ properties }) => properties.metrics ?? []);
    const ours = rows.filter(([namespace]) => namespace === 'eni-failover-prod').map(([, name]) => name);
    expect(ours.filter((name) => !Object.hasOwn(METRICS, name as string))).toEqual([]);
    const namespaces = new Set(rows.map(([namespace]) => String(namespace)));
    expect([...namespaces].toSorted()).toEqual(['AWS/Lambda', 'AWS/SQS', 'eni-failover-prod']);
  });

  it('should ask the log groups of the functions, and show every alarm', () => {
    const queries = widgets.flatMap(({ properties }) => properties.query ?? []);
    for (const query of queries) {
      const asked = [...query.matchAll(/SOURCE '([^']+)'/g)].map(([, name]) => name);
      expect(asked).toEqual(['/aws/lambda/eni-failover-prod-failover', '/aws/lambda/eni-failover-prod-sweep']);
    }
    const names = Object.values(resources).flatMap(({ Type, Properties }) =>
      Type === 'AWS::CloudWatch::Alarm'
        ? [`arn:aws:cloudwatch:eu-west-1:123456789012:alarm:${String(Properties['AlarmName'])}`]
        : [],
    );
    expect(widgets.flatMap(({ properties }) => properties.alarms ?? []).toSorted()).toEqual(names.toSorted());
  });

  it('should be left out where nobody wants it', async () => {
    const types = Object.values(await resourcesOf({ dashboard: 'off' })).map(({ Type }) => Type);
    expect(types).not.toContain('AWS::CloudWatch::Dashboard');
  }, 120_000);
});

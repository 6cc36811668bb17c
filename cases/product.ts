import { type AppOptions, createApp, type Invocation, type InvocationResult } from '../lib/app.ts';
import { parseInvocation } from '../lib/triggers/parse.ts';

/** The two functions, as functions/ puts them together. The planted bugs are built from this file. */
export interface Product {
  readonly failover: (input: unknown, invocation: Invocation) => Promise<InvocationResult>;
  readonly sweep: (invocation: Invocation) => Promise<InvocationResult>;
}

export type MakeProduct = (options: AppOptions) => Product;

export const makeProduct: MakeProduct = (options) => {
  const app = createApp(options);
  return {
    failover: async (input, invocation) => app.handle(parseInvocation(input, options.settings.alarmPrefix), invocation),
    sweep: (invocation) => app.sweep(invocation),
  };
};

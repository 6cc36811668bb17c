/** The one lint rule oxlint does not have: `new Date()` and `Date()` read the machine's clock, `new Date(ms)` does not. */
const message = 'Take the time from the injected Clock.';

function report(context, node) {
  const { callee, arguments: args } = node;
  const ambient = node.type === 'CallExpression' || args.length === 0;
  if (callee.type === 'Identifier' && callee.name === 'Date' && ambient) context.report({ node, message });
}

module.exports = {
  meta: { name: 'product' },
  rules: {
    'no-ambient-date': {
      create: (context) => ({
        NewExpression: (node) => report(context, node),
        CallExpression: (node) => report(context, node),
      }),
    },
  },
};

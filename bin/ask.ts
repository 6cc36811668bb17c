/** What a person has answered; `cancelled` with Ctrl-C. */
export type Answer = 'yes' | 'no' | 'cancelled';

/** Asks a person, who has to say yes for it to be yes. */
export async function askPerson(message: string): Promise<Answer> {
  const { confirm, isCancel } = await import('@clack/prompts');
  const answer = await confirm({ message, initialValue: false, output: process.stderr });
  if (isCancel(answer)) return 'cancelled';
  return answer ? 'yes' : 'no';
}

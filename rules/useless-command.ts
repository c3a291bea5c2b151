import { type Command, defineRule, type Step } from '../src/lint/rule.ts';

export default defineRule({
  id: 'useless-command',
  aliases: ['DL3001'],
  category: 'correctness',
  severity: 'info',
  presets: { hadolint: 'info' },
  summary: 'a command that makes no sense while an image is built',
  why: 'Only files survive a build step. A service that is started, a file system that is mounted and a process that is looked at are gone when the step ends, and nobody sits before an editor.',
  examples: [
    { bad: 'FROM debian:13\nRUN apt-get install -y nginx && «service» nginx start\n' },
    {
      bad: 'FROM debian:13\nRUN «systemctl» restart ssh && echo done\nRUN «/etc/init.d/nginx» start; /etc/init.d/nginx stop\n',
    },
    { bad: 'FROM debian:13\nRUN «service» nginx stop && «service» --status-all\n' },
    { bad: 'FROM debian:13\nRUN --security=sandbox sudo «mount» -t proc proc /proc\n' },
    { bad: 'FROM debian:13\nRUN «ps» aux; «free» -m; «top» -bn1 && «kill» 1\n' },
    { bad: 'FROM debian:13\nRUN «vim» /etc/hosts && «shutdown» now\n' },
    { bad: 'FROM debian:13\nRUN «ssh» host ls\n' },
    { good: 'FROM debian:13\nRUN service mysql start && mysql -e "CREATE DATABASE a" && service mysql stop\n' },
    { good: 'FROM debian:13\nRUN app & sleep 5 && kill $!\n' },
    { good: 'FROM debian:13\nRUN systemctl enable nginx && service --help && kill -l && mount --version\n' },
    { good: 'FROM debian:13\nRUN --mount=type=ssh ssh host ls\n' },
    { good: 'FROM debian:13\nRUN --security=insecure mount -t proc proc /proc\n' },
    { good: 'FROM debian:13\nRUN vim -E -s -u ~/.vimrc +PlugInstall +qall\n', note: 'vim as a script interpreter.' },
    { good: 'FROM debian:13\nRUN apt-get install -y vim ssh && command -v ps\n' },
    { good: 'FROM debian:13\nRUN /opt/app/start.sh start && ps() { :; }\n' },
    { good: 'FROM debian:13\nRUN systemctl --now start x && ls\n' },
    { good: 'FROM debian:13\nRUN --network=none --security=insecure mount /a\n' },
    { bad: 'FROM debian:13\nRUN --network=none «mount» /a\n' },
    { bad: 'FROM debian:13\nRUN --network=insecure «mount» /a\n' },
    { bad: 'FROM debian:13\nRUN mysqld -v --daemonize && «ps»\n' },
    { bad: 'FROM debian:13\nRUN ls && systemctl status start && «service» start x\n' },
    { bad: 'FROM debian:13\nRUN mysql -e x && «service» mysql start\n' },
  ],
  deviations: [
    {
      code: 'DL3001',
      what: 'silent when later commands of the RUN use the service that is started',
      why: 'that is how a database is filled while the image is built',
    },
    {
      code: 'DL3001',
      what: 'silent for `kill` of a background job, `ssh` with an SSH mount, `mount` with --security=insecure, and vim in batch mode',
      why: 'there they do something',
    },
  ],
  *check({ commands }) {
    for (const { command, step } of commands) {
      const [word] = command.words;
      const reason = word && !/^--?(help|version|V|l)$/.test(command.words[1]?.text ?? '') && reasonOf(command, step);
      if (!word || !reason) continue;
      yield {
        at: word.span,
        message: `${command.name} has no lasting effect here: ${reason}`,
        help: 'do it when the container starts, or leave it out',
      };
    }
  },
});

/** Why a command is of no use in this step; undefined when it may be of use, or is another program. */
function reasonOf(command: Command, step: Step): string | undefined {
  const action = serviceAction(command);
  if (action === 'start') return isUsed(command, step) ? undefined : 'the service ends with the step';
  if (action === 'stop')
    return step.commands.some((each) => serviceAction(each) === 'start') ? undefined : 'no service runs during a build';
  switch (command.name) {
    case 'kill':
      return hasJob(step) ? undefined : 'a step has only processes of its own';
    case 'mount':
      return isPrivileged(step) ? undefined : 'a mount needs rights that a step does not have, and ends with it';
    case 'ssh':
      return step.mounts.some(({ type }) => type === 'ssh') ? undefined : 'there is no agent and no key';
    case 'vim':
      return command.words.some(({ text }) => /^(\+.|-[a-zA-Z]*[Eesc]|--cmd$)/.test(text))
        ? undefined
        : 'nobody is there to type';
    case 'free':
    case 'ps':
    case 'top':
      return 'it shows the state of the machine that builds';
    case 'service':
    case 'shutdown':
      return 'no service runs during a build';
  }
  return undefined;
}

/** What `service NAME start`, `systemctl start NAME` and `/etc/init.d/NAME start` do; undefined for the rest. */
function serviceAction({ name, words }: Command): 'start' | 'stop' | undefined {
  const texts = words.slice(1).map(({ text }) => text);
  const isScript = /^\/etc\/(rc\.d\/)?init\.d\/\w/.test(words[0]?.text ?? '');
  const verb =
    name === 'service' ? texts[1] : name === 'systemctl' ? texts.find((text) => !text.startsWith('-')) : texts[0];
  if (name !== 'service' && name !== 'systemctl' && !isScript) return undefined;
  if (/^(start|restart|reload|force-reload)$/.test(verb ?? '')) return 'start';
  return verb === 'stop' ? 'stop' : undefined;
}

/** Something runs between the start and the end of the step that may need the service. */
function isUsed(command: Command, { commands }: Step): boolean {
  const idle = /^(echo|sleep|true|rm|apt-get|apt|apk|yum|dnf|service|systemctl|update-rc\.d|exit|:)$/;
  return commands.slice(commands.indexOf(command) + 1).some((later) => !idle.test(later.name) && !serviceAction(later));
}

/** A program of the same step runs in the background. */
function hasJob({ commands }: Step): boolean {
  return commands.some(
    (command) =>
      command.before === '&' ||
      serviceAction(command) === 'start' ||
      command.name === 'start-stop-daemon' ||
      command.words.some(({ text }) => /^(--daemon|-daemonize|--daemonize|--fork|-D)$/.test(text)),
  );
}

function isPrivileged({ instruction }: Step): boolean {
  return instruction.flags.some(({ name, value }) => name === 'security' && value === 'insecure');
}

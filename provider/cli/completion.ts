import { Argument, type Command, type Option } from "commander";
import type { Subcommand } from "./command";
import {
  type CommandTree,
  type OptionTree,
  SHELLS,
  type Shell,
  scriptFor,
} from "./terminal/completionScripts";

/**
 * Prints a completion script, made from the commands as they are. A library that does this (`@bomb.sh/tab`) starts Node
 * at every press of the key, needs the bash-completion package, and evaluates the words typed so far as shell code.
 */
export const completion: Subcommand = (program) => {
  program
    .command("completion")
    .summary("print a completion script for a shell")
    .description("Prints a script that completes the commands and options of pulumi-hologram in a shell.")
    .addArgument(new Argument("<shell>", "the shell to complete in").choices(SHELLS))
    .addHelpText("after", INSTALLATION)
    .action((shell: Shell) => {
      process.stdout.write(scriptFor(shell, treeOf(program)));
    });
};

const INSTALLATION = `
It is for the installed command (\`npm install --global\`), not for \`npx\`. Add one
line to the file that your shell reads when it starts:
  ~/.bashrc                   eval "$(pulumi-hologram completion bash)"
  ~/.zshrc                    eval "$(pulumi-hologram completion zsh)"
  ~/.config/fish/config.fish  pulumi-hologram completion fish | source`;

function treeOf(program: Command): CommandTree {
  const help = program.createHelp();
  const commands = help.visibleCommands(program);
  return {
    name: program.name(),
    options: help.visibleOptions(program).map(optionOf),
    commands: commands.map((command) => ({
      name: command.name(),
      summary: command.summary() || command.description(),
      options: help.visibleOptions(command).map(optionOf),
      choices: command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
    })),
  };
}

function optionOf({ long, short, flags, description, argChoices }: Option): OptionTree {
  return {
    names: [short, long].flatMap((name) => name ?? []),
    // The rest explains; beside a completion there is room for a few words.
    summary: description.split(/[;:,.] /)[0] ?? "",
    value: /<file>|<folder>/.test(flags) ? "file" : /</.test(flags) ? "text" : "none",
    choices: argChoices ?? [],
  };
}

/** Shells that completion scripts are written for. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

export interface OptionTree {
  /** `-h`, `--help` */
  readonly names: readonly string[];
  readonly summary: string;
  /** What follows it. */
  readonly value: "none" | "text" | "file";
  readonly choices: readonly string[];
}

export interface CommandTree {
  readonly name: string;
  readonly options: readonly OptionTree[];
  readonly commands: readonly {
    readonly name: string;
    readonly summary: string;
    readonly options: readonly OptionTree[];
    /** Values of its argument. */
    readonly choices: readonly string[];
  }[];
}

/** The completion script of a shell. Everything is in the script: no key press starts Node, none sends a request. */
export function scriptFor(shell: Shell, tree: CommandTree): string {
  switch (shell) {
    case "bash":
      return bash(tree);
    case "zsh":
      return zsh(tree);
    case "fish":
      return fish(tree);
  }
}

function bash(tree: CommandTree): string {
  const id = tree.name.replaceAll("-", "_");
  const words = (names: readonly string[]): string => names.join(" ");
  const branches = tree.commands.map(
    ({ name, options, choices }) =>
      `    ${name}) words="${words([...choices, ...options.flatMap(({ names }) => names)])}" ;;`,
  );
  const commands = words(tree.commands.map(({ name }) => name));
  const { files, texts, chosen } = valuesOf(tree);
  return `# Completion of ${tree.name} for bash.
_${id}() {
  local word="\${COMP_WORDS[COMP_CWORD]}" words=""
  COMPREPLY=()
  case "\${COMP_WORDS[COMP_CWORD-1]}" in
${branch(files, 'COMPREPLY=($(compgen -f -- "$word")); return')}${branch(texts, "return")}${chosen
  .map(({ names, choices }) =>
    branch(names, `COMPREPLY=($(compgen -W "${words(choices)}" -- "$word")); return`),
  )
  .join("")}  esac
  case "\${COMP_WORDS[1]}" in
${branches.join("\n")}
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then words="${commands} ${words(tree.options.flatMap(({ names }) => names))}"; fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o filenames -F _${id} ${tree.name}
`;
}

function branch(names: readonly string[], then: string): string {
  return names.length === 0 ? "" : `    ${names.join("|")}) ${then} ;;\n`;
}

/** Options by what follows them. An option means the same in every command that has it. */
function valuesOf({ commands }: CommandTree) {
  const options = commands.flatMap((command) => command.options);
  const named = (wanted: (option: OptionTree) => boolean): string[] => [
    ...new Set(options.filter(wanted).flatMap(({ names }) => names)),
  ];
  return {
    files: named(({ value }) => value === "file"),
    texts: named(({ value, choices }) => value === "text" && choices.length === 0),
    chosen: options.filter(({ choices }) => choices.length > 0),
  };
}

function zsh(tree: CommandTree): string {
  const id = tree.name.replaceAll("-", "_");
  const commands = tree.commands.map(({ name, summary }) => quoted(`${name}:${escaped(summary)}`));
  const argument = ({ names, summary, value, choices }: OptionTree): string[] => {
    const takes =
      value === "none"
        ? ""
        : `:value:${choices.length > 0 ? `(${choices.join(" ")})` : value === "file" ? "_files" : ""}`;
    return names.map((name) => quoted(`*${name}[${escaped(summary)}]${takes}`));
  };
  const branches = tree.commands.map(({ name, options, choices }) => {
    const first = choices.length === 0 ? [] : [quoted(`1:value:(${choices.join(" ")})`)];
    return `    ${name}) _arguments ${[...first, ...options.flatMap(argument)].join(" ")} ;;`;
  });
  return `#compdef ${tree.name}
# Completion of ${tree.name} for zsh.
_${id}() {
  local -a commands
  commands=(${commands.join(" ")})
  if (( CURRENT == 2 )); then
    _describe command commands
    _arguments ${tree.options.flatMap(argument).join(" ")}
    return
  fi
  local command="\${words[2]}"
  shift words
  (( CURRENT-- ))
  case "$command" in
${branches.join("\n")}
  esac
}
# Read by a shell that has not set completion up, this would fail at every start.
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
compdef _${id} ${tree.name}
`;
}

function fish(tree: CommandTree): string {
  const line = (condition: string, { names, summary, value, choices }: OptionTree): string => {
    const flags = names.map((name) =>
      name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`,
    );
    const takes =
      value === "none"
        ? ""
        : choices.length > 0
          ? ` -x -a ${quoted(choices.join(" "))}`
          : value === "file"
            ? " -r -F"
            : " -x";
    return `complete -c ${tree.name} -n ${quoted(condition)} ${flags.join(" ")}${takes} -d ${quoted(summary)}`;
  };
  const alone = "__fish_use_subcommand";
  return [
    `# Completion of ${tree.name} for fish.`,
    `complete -c ${tree.name} -f`,
    ...tree.options.map((option) => line(alone, option)),
    ...tree.commands.flatMap(({ name, summary, options, choices }) => {
      const within = `__fish_seen_subcommand_from ${name}`;
      return [
        `complete -c ${tree.name} -n ${alone} -a ${name} -d ${quoted(summary)}`,
        ...(choices.length === 0
          ? []
          : [`complete -c ${tree.name} -n ${quoted(within)} -a ${quoted(choices.join(" "))}`]),
        ...options.map((option) => line(within, option)),
      ];
    }),
    "",
  ].join("\n");
}

/** Single quotes in a shell, which fish and zsh read alike as long as there is no quote within. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "’")}'`;
}

/** Brackets and colons part the words of zsh's own notation. */
function escaped(text: string): string {
  return text.replace(/[[\]:\\]/g, "\\$&");
}

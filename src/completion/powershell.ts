import type { CompletedCommand } from './complete-from.ts';

/** For PowerShell 5.1 and later (`Register-ArgumentCompleter -Native`). Where nothing is given, it completes files. */
export function powershellCompletion(commands: readonly CompletedCommand[]): string {
  const table = commands.map(({ name, summary, flags, argument }) => {
    const entries = flags.map(({ name: flag, char, summary: said, completion }) => {
      const words = completion && 'words' in completion ? completion.words : [];
      const names = [`--${flag}`, ...(char === undefined ? [] : [`-${char}`])];
      return `      @{ Names = ${list(names)}; Summary = ${quoted(said)}; Words = ${list(words)} }`;
    });
    const words = 'words' in argument ? argument.words : [];
    return `    ${quoted(name)} = @{ Summary = ${quoted(summary)}; Words = ${list(words)}; Flags = @(\n${entries.join('\n')}\n    ) }`;
  });
  return `# PowerShell completion of dlint. Made by: dlint completion powershell
Register-ArgumentCompleter -Native -CommandName dlint -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $commands = [ordered]@{
${table.join('\n')}
  }
  $words = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
  $found = @()
  if ($words.Count -le 1) {
    $found = $commands.Keys | ForEach-Object { @{ Word = $_; Summary = $commands[$_].Summary } }
  } elseif ($commands.Contains($words[1])) {
    $command = $commands[$words[1]]
    $flag = $command.Flags | Where-Object { $_.Names -contains $words[-1] } | Select-Object -First 1
    if ($flag -and $flag.Words.Count -gt 0) { $found = $flag.Words | ForEach-Object { @{ Word = $_; Summary = $_ } } }
    elseif ($wordToComplete -like '-*') { $found = $command.Flags | ForEach-Object { @{ Word = $_.Names[0]; Summary = $_.Summary } } }
    else { $found = $command.Words | ForEach-Object { @{ Word = $_; Summary = $_ } } }
  }
  $found | Where-Object { $_.Word -like "$wordToComplete*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_.Word, $_.Word, 'ParameterValue', $_.Summary)
  }
}
`;
}

function list(words: readonly string[]): string {
  return `@(${words.map(quoted).join(', ')})`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

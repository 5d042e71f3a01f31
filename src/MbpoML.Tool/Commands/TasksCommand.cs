using System.CommandLine;
using MbpoML.Tool.Tasks;
using Spectre.Console;

namespace MbpoML.Tool.Commands;

/// <summary>The command <c>mbpo tasks</c>.</summary>
internal static class TasksCommand
{
    public static Command Create(ToolConsole console)
    {
        var command = new Command("tasks", "Lists the tasks that can be trained, and the algorithms.");
        command.SetAction(_ => Run(console));
        return command;
    }

    private static int Run(ToolConsole console)
    {
        var tasks = new Table().Border(TableBorder.Simple).AddColumns("task", "observations", "actions", "known return", "presets", "");
        foreach (var task in TaskList.All)
            tasks.AddRow(task.Name, $"{task.Observations}", $"{task.Actions}", task.Optimum, string.Join(", ", task.Presets.Select(preset => preset.Name)), task.Summary);

        var algorithms = new Table().Border(TableBorder.Simple).AddColumns("algorithm", "");
        foreach (var algorithm in Algorithm.All) algorithms.AddRow(algorithm.Name, algorithm.Summary);
        console.Rich.Write(tasks);
        console.Rich.Write(algorithms);
        return ExitCodes.Success;
    }
}

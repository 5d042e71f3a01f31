using System.CommandLine;
using MbpoML.Experiments.Tasks;
using MbpoML.Tool.Display;
using MbpoML.Tool.Tasks;

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
        var tasks = new PlainTable("task", "observations", "actions", "known return", "presets", "what it is");
        foreach (var task in TaskList.All)
            tasks.AddRow(task.Name, Invariant($"{task.Observations}"), Invariant($"{task.Actions}"), task.Optimum,
                string.Join(", ", task.Presets.Select(preset => preset.Name)), task.Summary);

        var algorithms = new PlainTable("algorithm", "what it is");
        foreach (var algorithm in Algorithm.All) algorithms.AddRow(algorithm.Name, algorithm.Summary);
        console.Rich.Write(tasks);
        console.Out.WriteLine();
        console.Rich.Write(algorithms);
        return ExitCodes.Success;
    }
}

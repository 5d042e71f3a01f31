using System.CommandLine;

namespace MbpoML.Benchmarks.Reliability;

/// <summary>The verb <c>kill</c>.</summary>
internal static class KillCommand
{
    public const int UsualSteps = 400;

    public static Command Create()
    {
        var kills = new Option<int>("--kills") { Description = "Processes to kill in all.", DefaultValueFactory = _ => 200 };
        var seed = new Option<int>("--seed") { Description = "Decides the moments.", DefaultValueFactory = _ => 1 };
        var steps = new Option<int>("--steps") { Description = "Environment steps of a run.", DefaultValueFactory = _ => UsualSteps };
        var (task, algorithm) = (KilledRunCommand.TaskOption(), KilledRunCommand.AlgorithmOption());
        var command = new Command(
            "kill", "Kills training processes at random moments, goes on with each run, and compares its end with that of an undisturbed one.") { kills,
                seed, steps, task, algorithm };
        command.SetAction(parsed =>
        {
            var folder = Directory.CreateTempSubdirectory("mbpoml-kill-").FullName;
            try
            {
                return new KillExperiment(folder, parsed.GetValue(kills), parsed.GetValue(steps), parsed.GetValue(seed), parsed.GetValue(task)!,
                    parsed.GetValue(algorithm)!).Run();
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        });
        return command;
    }
}

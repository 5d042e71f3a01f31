using System.CommandLine;
using MbpoML.Mujoco;
using MbpoML.Training;

namespace MbpoML.Benchmarks.Reliability;

/// <summary>The verb <c>killed-run</c>: the process that <c>kill</c> starts and kills.</summary>
internal static class KilledRunCommand
{
    public const string Name = "killed-run";
    public const string Steps = "--steps";
    public const string Overlap = "--overlap";
    public const string Task = "--task";
    public const string UsualTask = "CartPoleContinuous";
    public const string Algorithm = "--algorithm";
    public const string UsualAlgorithm = "mbpo";
    public const string DoubleHorizon = "dhmbpo";

    /// <summary>The task that PlaNet is trained on.</summary>
    public const string PixelTask = "PixelLine";

    public static Command Create()
    {
        var folder = new Argument<string>("folder") { Description = "Of the checkpoints." };
        var steps = new Option<int>(Steps) { Description = "Environment steps of the run.", DefaultValueFactory = _ => KillCommand.UsualSteps };
        var overlap = new Option<OverlappedStages>(Overlap) { Description = "Stages that go on beside the policy updates." };
        var (task, algorithm) = (TaskOption(), AlgorithmOption());
        var command = new Command(Name, "Begins the small run of 'kill', or goes on with it, and prints what it came to.")
        {
            folder, steps, overlap, task, algorithm,
        };
        command.Hidden = true;
        command.SetAction(parsed => KilledRun.Run(parsed.GetValue(folder)!, parsed.GetValue(steps), parsed.GetValue(overlap), parsed.GetValue(task)!,
            parsed.GetValue(algorithm)!));
        return command;
    }

    /// <summary>What is trained.</summary>
    public static Option<string> AlgorithmOption()
    {
        var algorithm = new Option<string>(Algorithm) { Description = "What is trained.", DefaultValueFactory = _ => UsualAlgorithm };
        algorithm.AcceptOnlyFromAmong(UsualAlgorithm, DoubleHorizon, "metrpo", "pets", "ppo");
        return algorithm;
    }

    /// <summary>What is trained on: tasks with four observations and one action, for which the run of MBPO is made, and one of pictures for PlaNet.</summary>
    public static Option<string> TaskOption()
    {
        var task = new Option<string>(Task) { Description = "What to train on.", DefaultValueFactory = _ => UsualTask };
        task.AcceptOnlyFromAmong(UsualTask, MujocoTasks.InvertedPendulum.Name, PixelTask);
        return task;
    }
}

using System.CommandLine;
using MbpoML.Benchmarks.Reporting;
using MbpoML.Mujoco;

namespace MbpoML.Benchmarks.Mujoco;

/// <summary>The verb <c>mujoco</c>.</summary>
internal static class MujocoCommand
{
    public static Command Create()
    {
        var tasks = new Option<string[]>("--tasks")
        {
            Description = "Names of tasks; default: all seven.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [.. MujocoTasks.Gym.Select(task => task.Name)]
        };
        tasks.AcceptOnlyFromAmong([.. MujocoTasks.Gym.Select(task => task.Name)]);
        var rounds = new Option<int>("--rounds")
        {
            Description = "Each runs both loops for about a twentieth of a second; medians are over rounds.",
            DefaultValueFactory = _ => 101
        };
        var command = new Command("mujoco", "Control steps a second of the MuJoCo tasks, beside the same loop in C. Needs gcc.") { tasks, rounds };
        command.SetAction(parsed =>
        {
            Machine.Print();
            MujocoComparison.Run(parsed.GetValue(tasks)!.Select(MujocoTasks.Named), parsed.GetValue(rounds));
            return 0;
        });
        return command;
    }
}

using System.CommandLine;
using System.Globalization;
using MbpoML.Experiments.Reports;

namespace MbpoML.Tool.Commands;

/// <summary>The return that steps and time are counted to: the option <c>--threshold</c>, a number, or task=number where runs are of several tasks.</summary>
internal sealed class ThresholdOption
{
    private const string Name = "--threshold";

    public Option<string[]> Option { get; } = new(Name)
    {
        Description = "The return that steps and time are counted to, as in 180 or Pendulum=-180; may be repeated. Default: 3000 for Hopper and Walker2d, " +
            "8000 for HalfCheetah, 4000 for Ant and Humanoid, none for other tasks.",
    };

    /// <summary>The thresholds by task.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="tasks">The tasks of the runs.</param>
    /// <exception cref="UsageException">A value is no threshold, names a task without a run, or names none where runs are of several.</exception>
    public IReadOnlyDictionary<string, double> Read(ParseResult parsed, IReadOnlyList<TaskRuns> tasks)
    {
        string[] names = [.. tasks.Select(task => task.Task)];
        var thresholds = new Dictionary<string, double>();
        foreach (var given in parsed.GetValue(Option) ?? [])
        {
            var equals = given.LastIndexOf('=');
            if (equals < 0 && names.Length > 1)
                throw new UsageException($"{Name} is '{given}', but the runs are of {string.Join(", ", names)}: name the task, as in {names[0]}={given}.");
            var task = equals < 0 ? names[0] : given[..equals];
            var named = names.FirstOrDefault(name => name.Equals(task, StringComparison.OrdinalIgnoreCase))
                ?? throw UsageException.Unknown("run of", task, names);
            if (!thresholds.TryAdd(named, Number(given, given[(equals + 1)..]))) throw new UsageException($"{Name} gives {named} two returns.");
        }

        return thresholds;
    }

    private static double Number(string given, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value
        : throw new UsageException($"{Name} is '{given}', but must be a return, as in 180, or of several tasks Pendulum=-180.");
}

using System.Globalization;
using MbpoML.Experiments.Tasks;
using MbpoML.Tool.Tasks;
using MbpoML.Training.Metrics;

namespace MbpoML.Tool.Tests;

/// <summary>Folders as a run leaves them, with evaluations of the test's choice.</summary>
internal static class RecordedEvaluations
{
    /// <summary>Writes the folder of a run of a task's default preset.</summary>
    public static void Write(string folder, string task, int seed, params (int Step, double Return)[] evaluations)
    {
        Directory.CreateDirectory(folder);
        RunOptions.Of(TaskList.Named(task), null, Algorithm.Named("mbpo"), seed).Write(Path.Combine(folder, "options.json"));
        File.WriteAllLines(Path.Combine(folder, "metrics.jsonl"), evaluations.Select(point =>
            string.Create(CultureInfo.InvariantCulture, $$"""{"step":{{point.Step}},"time":1,"{{MetricNames.EvaluationReturnMean}}":{{point.Return}}""" +
                    $$""","{{MetricNames.TotalSeconds}}":{{point.Step}}}""")));
    }
}

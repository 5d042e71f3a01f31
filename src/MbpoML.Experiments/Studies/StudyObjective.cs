using MbpoML.Experiments.Reports;
using MbpoML.Experiments.Tasks;

namespace MbpoML.Experiments.Studies;

/// <summary>What a run is worth at a number of steps: the mean of its evaluations in the last quarter of them.</summary>
internal static class StudyObjective
{
    private const double LastPart = 0.25;

    /// <summary>The value of a run; null where it has not evaluated by then.</summary>
    /// <param name="folder">The run, which may have gone further.</param>
    /// <param name="steps">The steps.</param>
    /// <param name="tasks">The tasks that the run may name.</param>
    public static double? Of(RunFolder folder, int steps, TaskCatalog tasks)
    {
        RunEvaluation[] until = [.. RecordedRun.Read(folder, tasks).Evaluations.TakeWhile(point => point.Step <= steps)];
        if (until.Length == 0) return null;
        RunEvaluation[] late = [.. until.Where(point => point.Step > (1 - LastPart) * steps)];
        return (late.Length > 0 ? late : until[^1..]).Average(point => point.Return);
    }
}

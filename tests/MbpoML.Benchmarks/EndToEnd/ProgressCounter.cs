using MbpoML.Training.Outcome;

namespace MbpoML.Benchmarks.EndToEnd;

/// <summary>Takes the signs of life of a run and only counts them.</summary>
internal sealed class ProgressCounter : IProgress<TrainingProgress>
{
    public int Reports { get; private set; }

    public void Report(TrainingProgress value) => Reports++;
}

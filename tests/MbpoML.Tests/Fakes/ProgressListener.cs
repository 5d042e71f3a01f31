using MbpoML.Training.Outcome;

namespace MbpoML.Tests.Fakes;

/// <summary>Hears each report at once on the reporting thread, which <see cref="Progress{T}"/> does not promise.</summary>
internal sealed class ProgressListener(Action<TrainingProgress> listen) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value) => listen(value);
}

using MbpoML.Training;

namespace MbpoML.Experiments.Execution;

/// <summary>
/// Writes the events of a run to the process that started it. A fast run gives hundreds of signs of life a second, which would cost both processes time: of
/// those in the same phase, and with the same checkpoint, few are told. All other events are told at once.
/// </summary>
/// <param name="output">The standard output.</param>
/// <param name="interval">The time between two signs of life.</param>
/// <param name="clock">Tells when a sign of life is due.</param>
internal sealed class RunEventWriter(TextWriter output, TimeSpan interval, TimeProvider clock) : IProgress<RunEvent>
{
    private readonly Lock _turn = new();
    private TrainingPhase? _phase;
    private int? _checkpoint;
    private long _told;

    public void Report(RunEvent value)
    {
        lock (_turn)
        {
            if (value is RunProgressed { Progress: var progress })
            {
                var isNew = progress.Phase != _phase || progress.CheckpointStep != _checkpoint;
                if (!isNew && clock.GetElapsedTime(_told) < interval) return;
                (_phase, _checkpoint, _told) = (progress.Phase, progress.CheckpointStep, clock.GetTimestamp());
            }

            output.WriteLine(RunEventLine.Write(value));
            output.Flush();
        }
    }
}

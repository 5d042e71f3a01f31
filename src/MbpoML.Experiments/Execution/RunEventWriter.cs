using MbpoML.Training;

namespace MbpoML.Experiments.Execution;

/// <summary>
/// Writes the events of a run to the process that started it. A fast run gives hundreds of signs of life a second, which would cost both processes time: of
/// those in the same phase ten a second are told. All other events are told at once.
/// </summary>
/// <param name="output">The standard output.</param>
/// <param name="clock">Tells when a sign of life is due.</param>
internal sealed class RunEventWriter(TextWriter output, TimeProvider clock) : IProgress<RunEvent>
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(0.1);

    private readonly Lock _turn = new();
    private TrainingPhase? _phase;
    private long _told;

    public void Report(RunEvent value)
    {
        lock (_turn)
        {
            if (value is RunProgressed { Progress.Phase: var phase })
            {
                if (phase == _phase && clock.GetElapsedTime(_told) < _interval) return;
                (_phase, _told) = (phase, clock.GetTimestamp());
            }

            output.WriteLine(RunEventLine.Write(value));
            output.Flush();
        }
    }
}
